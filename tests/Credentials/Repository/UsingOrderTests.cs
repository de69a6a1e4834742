namespace Credentials.Tests.Repository;

/// <summary>What <c>dotnet format</c> finds about the order of usings, without compiling everything for it.</summary>
public sealed class UsingOrderTests
{
    [Fact]
    public void System_comes_first_and_the_others_follow_the_alphabet() =>
        Assert.Empty(new[] { "src", "tests" }.SelectMany(SourceTree.Under).Where(file => !IsInOrder(Usings(file))).Select(file => file.Path));

    [Fact]
    public void An_order_that_is_wrong_is_seen()
    {
        Assert.True(IsInOrder(["System", "System.Text", "Credentials.Codecs", "Credentials.CodecsMore", "Xunit"]));
        Assert.False(IsInOrder(["System.Text", "System"]));
        Assert.False(IsInOrder(["Credentials", "System"]));
        Assert.False(IsInOrder(["Credentials.CodecsMore", "Credentials.Codecs"]));
    }

    private static IReadOnlyList<string> Usings(SourceFile file) =>
    [
        .. file.Lines.Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=') && !line.Contains('(') && !line.StartsWith("using static", StringComparison.Ordinal))
            .Select(line => line["using ".Length..^1]),
    ];

    private static bool IsInOrder(IReadOnlyList<string> usings) =>
        usings.SequenceEqual(usings.OrderBy(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal)).ThenBy(name => name.Replace('.', '\0'), StringComparer.OrdinalIgnoreCase));
}
