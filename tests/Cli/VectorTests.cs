using Credentials.Cli.Vectors;
using Credentials.Mdoc;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>Every test vector of the repository, each as a test of its own.</summary>
public class VectorTests
{
    private static readonly ScenarioFolder _all = ScenarioFolder.Open(RepositoryRoot.Combine("test-vectors"));

    public static TheoryData<string> Published { get; } = In("published/");

    public static TheoryData<string> Own { get; } = In("own/");

    [Theory]
    [MemberData(nameof(Published))]
    [Trait("Row", "TSL-18")]
    [Trait("Row", "VCA-15")]
    [Trait("Row", "VCA-17")]
    [Trait("Row", "QRC-01")]
    public Task A_published_vector_comes_out_as_it_says(string file) => RunAsync(file);

    [Theory]
    [MemberData(nameof(Own))]
    public Task A_vector_of_ours_comes_out_as_it_says(string file) => RunAsync(file);

    [Fact]
    public void The_id_of_a_vector_is_its_place() => Assert.All(_all.Files, file =>
    {
        var name = Relative(file);
        Assert.Equal(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..^".json".Length], Scenario.Load(file).Id);
    });

    [Fact]
    public void Every_check_of_an_SD_JWT_has_a_vector_in_which_only_it_fails() => AssertOnlyOneFails("sd-jwt", SdJwtChecks.All);

    [Fact]
    public void Every_check_of_an_mdoc_has_a_vector_in_which_only_it_fails() => AssertOnlyOneFails("mdoc", MdocChecks.All);

    [Fact]
    public void Every_check_of_a_printed_document_has_a_vector_in_which_only_it_fails() => AssertOnlyOneFails("qr-document", QrDocumentChecks.All);

    private static void AssertOnlyOneFails(string area, IReadOnlyList<string> checks)
    {
        foreach (var id in checks)
        {
            var outcomes = Scenario.Load(RepositoryRoot.Combine("test-vectors", "own", area, $"only_{id}_fails.json")).Expect.GetProperty("checks");
            Assert.Equal(checks, outcomes.EnumerateObject().Select(outcome => outcome.Name));
            Assert.All(outcomes.EnumerateObject(), outcome =>
            {
                string[] allowed = outcome.Name == id ? ["failed"] : ["passed", "not_applicable", "not_run"];
                Assert.Contains(outcome.Value.GetString(), allowed);
            });
        }
    }

    // A scenario that skips.json names must fail; the reason stands there.
    private static async Task RunAsync(string file)
    {
        var scenario = Scenario.Load(RepositoryRoot.Combine("test-vectors", file));
        var difference = await ScenarioRunner.RunAsync(scenario, TestContext.Current.CancellationToken);
        if (_all.Skips.ContainsKey(scenario.Id))
            Assert.NotNull(difference);
        else
            Assert.Null(difference);
    }

    private static TheoryData<string> In(string folder) =>
        [.. _all.Files.Select(Relative).Where(file => file.StartsWith(folder, StringComparison.Ordinal))];

    private static string Relative(string file) => Path.GetRelativePath(RepositoryRoot.Combine("test-vectors"), file).Replace('\\', '/');
}
