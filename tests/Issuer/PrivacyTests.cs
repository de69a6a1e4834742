using System.Text.Json;
using Credentials.Issuer.Tests.Setup;
using Credentials.SdJwt;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

public class PrivacyTests
{
    [Fact]
    [Trait("Row", "PRV-01")]
    public async Task Times_of_a_batch_are_those_of_everybody_issued_that_day()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var first = await issuer.IssueAsync(5);
        clock.Advance(TimeSpan.FromHours(7) + TimeSpan.FromSeconds(13));
        var second = await issuer.IssueAsync(5, subject: "somebody else");
        var times = first.Concat(second).Select(Times).ToList();
        Assert.Single(times.Distinct());
        Assert.Equal((0, 0), (times[0].Issued % 86_400, times[0].Expires % 86_400));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(times[0], Times((await issuer.IssueAsync())[0]));
    }

    [Fact]
    [Trait("Row", "PRV-02")]
    public async Task The_digests_do_not_show_the_order_of_the_claims()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var orders = new HashSet<string>();
        foreach (var credential in (await issuer.IssueAsync(20)).Select(text => SdJwtCredential.Parse(text)))
        {
            var digests = credential.IssuerJwt.PayloadObject.GetProperty("_sd").EnumerateArray().Select(d => d.GetString()!).ToList();
            // Sorted by digest, whatever the claims are: salts make the digests random.
            var names = credential.Disclosures.Where(d => digests.Contains(d.Digest(DisclosureHash.Sha256))).ToDictionary(d => d.Digest(DisclosureHash.Sha256), d => d.Name);
            Assert.Equal(digests.Count, names.Count);
            orders.Add(string.Join(',', digests.Select(d => names[d])));
        }

        Assert.True(orders.Count > 15, $"{orders.Count} different orders in 20 credentials");
    }

    [Fact]
    public async Task The_credentials_of_a_batch_have_nothing_in_common_but_the_claims()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var batch = (await issuer.IssueAsync(10)).Select(text => SdJwtCredential.Parse(text)).ToList();
        Assert.Equal(10, batch.Select(c => c.IssuerJwt.PayloadObject.GetProperty("cnf").GetRawText()).Distinct().Count());
        Assert.Equal(10, batch.Select(c => c.IssuerJwt.PayloadObject.GetProperty("status").GetRawText()).Distinct().Count());
        var disclosures = batch.SelectMany(c => c.Disclosures.Select(d => d.Digest(DisclosureHash.Sha256))).ToList();
        Assert.Equal(disclosures.Count, disclosures.Distinct().Count());
        Assert.All(batch, c => Assert.False(c.IssuerJwt.PayloadObject.TryGetProperty("jti", out _)));
    }

    private static (long Issued, long Expires) Times(string credential)
    {
        var payload = SdJwtCredential.Parse(credential).IssuerJwt.PayloadObject;
        Assert.Equal(JsonValueKind.Undefined, payload.TryGetProperty("nbf", out var notBefore) ? notBefore.ValueKind : JsonValueKind.Undefined);
        return (payload.GetProperty("iat").GetInt64(), payload.GetProperty("exp").GetInt64());
    }
}
