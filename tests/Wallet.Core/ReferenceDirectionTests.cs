using System.Reflection;

namespace Credentials.Wallet.Core.Tests;

public class ReferenceDirectionTests
{
    [Theory]
    [InlineData("Credentials.Issuer")]
    [InlineData("Credentials.Verifier")]
    [InlineData("Credentials.Cli")]
    public void No_reference_goes_to(string assembly) =>
        Assert.DoesNotContain(assembly, Assembly.Load("Credentials.Wallet.Core").GetReferencedAssemblies().Select(name => name.Name));
}
