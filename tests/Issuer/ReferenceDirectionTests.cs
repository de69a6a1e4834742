using System.Reflection;

namespace Credentials.Issuer.Tests;

public class ReferenceDirectionTests
{
    [Theory]
    [InlineData("Credentials.Verifier")]
    [InlineData("Credentials.Wallet.Core")]
    [InlineData("Credentials.Cli")]
    public void No_reference_goes_to(string assembly) =>
        Assert.DoesNotContain(assembly, Assembly.Load("Credentials.Issuer").GetReferencedAssemblies().Select(name => name.Name));
}
