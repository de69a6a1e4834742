namespace Credentials.Fuzz.Tests;

/// <summary>Every target for a few seconds: the whole corpus, and inputs changed in a way that is the same each time.</summary>
public class ShortRunTests
{
    private const int Executions = 4000;

    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_target_does_nothing_that_it_must_not(string name)
    {
        var target = FuzzTargets.Find(name)!;
        var corpus = Corpus.Begin(target);
        var run = new FuzzRun(target, seed: 2026);
        run.Replay(corpus);
        var read = run.Accepted;
        run.Mutate(Executions);

        Assert.True(corpus.Count >= 4, $"Only {corpus.Count} inputs to begin with.");
        Assert.True(read > 0, "None of the inputs to begin with is read.");
        Assert.True(run.Accepted > read, "No changed input is read: the changes are too coarse to reach anything.");
        Assert.Empty(run.Findings.Select(found => $"{Convert.ToHexStringLower(found.Input)}: {found.Finding}"));
    }

    [Fact]
    public void Every_parser_of_the_list_has_a_target() => Assert.Equal(
        ["json", "base64url", "jws", "jwe", "jwk", "sd-jwt", "type-metadata", "cbor", "cose", "issuer-signed", "device-response", "status", "certificate", "dcql", "link", "hcert", "data-integrity"],
        FuzzTargets.Names);

    // A harness that finds nothing because it looks at nothing would be worse than none.
    [Fact]
    public void An_error_that_is_not_ours_a_broken_oracle_and_a_large_allocation_are_found()
    {
        foreach (var (input, what) in new[] { ("crash", "An error that is none of ours."), ("memory", "Reading"), ("oracle", "An oracle failed."), ("rule", "A rule is broken.") })
        {
            var run = new FuzzRun(new FaultyTarget(), seed: 1);
            run.Replay([System.Text.Encoding.ASCII.GetBytes(input)]);
            Assert.StartsWith(what, Assert.Single(run.Findings).Finding.Message, StringComparison.Ordinal);
        }

        var good = new FuzzRun(new FaultyTarget(), seed: 1);
        good.Replay(["fine"u8.ToArray(), "refused"u8.ToArray()]);
        Assert.Empty(good.Findings);
        Assert.Equal(1, good.Accepted);
    }

    private sealed class FaultyTarget : FuzzTarget
    {
        public override string Name => "faulty";

        public override Mutation.InputShape Shape => Mutation.InputShape.Plain;

        public override IEnumerable<byte[]> Seeds(Vectors vectors) => [];

        protected override object Read(byte[] input)
        {
            var text = System.Text.Encoding.ASCII.GetString(input);
            return text switch
            {
                "crash" => throw new NullReferenceException(),
                "refused" => throw new MalformedDataException("faulty.refused", "Refused."),
                "memory" => GC.AllocateUninitializedArray<byte>(1 << 20).Length > 0 ? text : "",
                _ => text,
            };
        }

        protected override void Check(byte[] input, object value)
        {
            if ((string)value == "oracle") throw new InvalidOperationException();
            Require((string)value != "rule", "A rule is broken.");
        }
    }
}
