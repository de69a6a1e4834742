using System.Security.Cryptography.X509Certificates;
using Credentials.X509;

namespace Credentials.Tests.X509.Limbo;

/// <summary>
/// Our verdict on the cases of x509-limbo, and the reason wherever it is not the suite's. The suite tells of servers on the web; what is
/// asked here is our question: does an anchor vouch for this chain, and does the certificate name this host?
/// </summary>
public class LimboTests
{
    private const string Accepted = "accepted";
    private const string OtherHost = "other_host";

    [Fact]
    [Trait("Row", "X5-19")]
    public void The_verdicts_on_limbos_cases_are_the_recorded_ones() => Assert.Empty(
        from limbo in LimboCase.All
        let verdict = Verdict(limbo)
        where verdict != limbo.Ours
        select $"{limbo.Id}: recorded {limbo.Ours}, is {verdict}");

    [Fact]
    [Trait("Row", "X5-19")]
    public void Every_verdict_that_differs_from_limbos_has_a_reason_and_no_other()
    {
        Assert.Equal(172, LimboCase.All.Count);
        Assert.All(LimboCase.All, c => Assert.True((c.ShouldAccept == (c.Ours == Accepted)) == (c.Why is null), c.Id));
        // The twin: enough of what limbo accepts is accepted, or the refusals prove nothing.
        Assert.True(LimboCase.All.Count(c => c.ShouldAccept && c.Ours == Accepted) > 20);
    }

    private static string Verdict(LimboCase limbo)
    {
        using LimboChain chain = new(limbo);
        if (chain.Leaf is null) return X509Codes.Malformed;
        List<X509Certificate2> anchors = [.. chain.Anchors.OfType<X509Certificate2>()];
        if (anchors.Count < chain.Anchors.Count) return X509Codes.Malformed;
        var code = X509Codes.Untrusted;
        foreach (var path in Paths([chain.Leaf], [.. chain.Intermediates.OfType<X509Certificate2>()]))
        {
            var result = CertificatePath.Validate(path, anchors, CertificateProfile.SdJwtIssuer, limbo.At);
            if (result.IsValid) return NamesPeer(limbo, chain.Leaf);
            code = result.Code!;
        }
        return code;
    }

    private static string NamesPeer(LimboCase limbo, X509Certificate2 leaf)
    {
        try
        {
            return (limbo.Host ?? limbo.Address) is { } peer && !SubjectAlternativeNames.Of(leaf).NamesHost(peer) ? OtherHost : Accepted;
        }
        catch (MalformedDataException e)
        {
            return e.Code;
        }
    }

    /// <summary>The suite hands over a heap of certificates where x5c is a path: every path whose names chain counts, the longest last.</summary>
    private static IEnumerable<List<X509Certificate2>> Paths(List<X509Certificate2> path, List<X509Certificate2> heap)
    {
        yield return path;
        if (path.Count > X5c.MaxCertificates) yield break;
        foreach (var next in heap.Where(c => c.SubjectName.RawData.AsSpan().SequenceEqual(path[^1].IssuerName.RawData)))
            foreach (var longer in Paths([.. path, next], [.. heap.Where(c => c != next)]))
                yield return longer;
    }
}
