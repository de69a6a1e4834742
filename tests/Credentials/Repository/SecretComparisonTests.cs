using System.Text.RegularExpressions;

namespace Credentials.Tests.Repository;

public partial class SecretComparisonTests
{
    [Theory]
    [Trait("Row", "WEB-09")]
    [InlineData("src/Issuer", "src/Issuer/Keys/Secrets.cs")]
    [InlineData("src/Verifier", "src/Verifier/Http/RandomToken.cs")]
    public void Services_compare_bytes_and_hashes_in_constant_time_only(string folder, string home)
    {
        Assert.Contains("FixedTimeEquals", File.ReadAllText(Shared.RepositoryRoot.Combine([.. home.Split('/')])), StringComparison.Ordinal);
        Assert.DoesNotContain(SourceTree.Under(folder), file => OtherComparison().IsMatch(file.Text));
    }

    // A hash inside a database query is a look-up by index, not a comparison here.
    [GeneratedRegex(@"SequenceEqual\(|SequenceCompareTo\(|CompareOrdinal\(")]
    private static partial Regex OtherComparison();
}
