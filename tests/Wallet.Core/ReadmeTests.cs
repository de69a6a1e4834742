using Credentials.Tests.Shared;

namespace Credentials.Wallet.Core.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_example_in_the_readme_is_the_compiled_one()
    {
        var lines = File.ReadAllLines(RepositoryRoot.Combine("tests", "Wallet.Core", "ReadmeExample.cs"));
        var example = lines.SkipWhile(line => !line.Contains("README: begin", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.Contains("README: end", StringComparison.Ordinal))
            .Select(line => line.Length == 0 ? line : line[8..]).ToList();

        Assert.InRange(example.Count, 5, 15);
        Assert.Contains(string.Join('\n', example), File.ReadAllText(RepositoryRoot.Combine("README.md")), StringComparison.Ordinal);
    }
}
