using System.Reflection;

namespace Credentials.Verifier.Tests;

public class ReferenceDirectionTests
{
    [Theory]
    [InlineData("Credentials.Issuer")]
    [InlineData("Credentials.Wallet.Core")]
    [InlineData("Credentials.Cli")]
    public void No_reference_goes_to(string assembly) =>
        Assert.DoesNotContain(assembly, Assembly.Load("Credentials.Verifier").GetReferencedAssemblies().Select(name => name.Name));
}
