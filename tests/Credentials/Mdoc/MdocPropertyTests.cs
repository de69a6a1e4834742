using System.Text.Json;
using Credentials.Mdoc;
using FsCheck;
using FsCheck.Xunit;

namespace Credentials.Tests.Mdoc;

/// <summary>What holds of every selection and of every change.</summary>
public sealed class MdocPropertyTests : IDisposable
{
    private readonly MdocAgency _agency = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    private static SessionTranscript Session { get; } = SessionTranscript.FromEncoded(Convert.FromHexString("83f6f66773657373696f6e"));

    private MdocExpectations Expected => _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(Session), DocTypes = [MdocNames.MdlDocType] };

    [Property(MaxTest = 60)]
    public async Task Whatever_subset_is_shown_is_exactly_what_the_verifier_sees(ushort shown)
    {
        var issued = await _agency.IssueAsync();
        List<string> all = [.. issued.NameSpaces[MdocNames.MdlNamespace].Select(item => item.ElementIdentifier).Order(StringComparer.Ordinal)];
        var chosen = all.Where((_, i) => (shown >> i & 1) == 1).ToHashSet();
        var document = await MdocPresenter.SignAsync(issued, (_, element) => chosen.Contains(element), Session, _agency.Device);

        var report = await MdocVerifier.VerifyAsync(MdocPresenter.Respond(document).Encode(), Expected);

        Assert.True(report.IsAccepted, report.ToJson().ToJsonString());
        Assert.True(report.TryGetVerified(out var credential));
        var seen = credential!.Claims.TryGetProperty(MdocNames.MdlNamespace, out var licence) ? licence : default;
        Assert.Equal(chosen.Order(), seen.ValueKind == JsonValueKind.Object ? seen.EnumerateObject().Select(member => member.Name).Order() : []);
        var whole = issued.UnverifiedClaims().GetProperty(MdocNames.MdlNamespace);
        Assert.All(chosen, element => Assert.True(JsonElement.DeepEquals(whole.GetProperty(element), seen.GetProperty(element))));
    }

    // Bytes put in, taken out and overwritten, where BitFlipTests turn single bits. What still verifies must say the same.
    [Property(MaxTest = 150)]
    public async Task A_change_is_refused_or_changes_nothing_that_is_said(PositiveInt place, byte[] piece, byte overwritten)
    {
        var issued = await _agency.IssueAsync();
        var document = await MdocPresenter.SignAsync(issued, (_, element) => element is "family_name" or "portrait", Session, _agency.Device);
        var bytes = MdocPresenter.Respond(document).Encode();
        var at = place.Get * 7919 % bytes.Length;
        byte[] changed = [.. bytes[..at], .. piece, .. bytes[Math.Min(bytes.Length, at + (overwritten % 8))..]];
        if (changed.AsSpan().SequenceEqual(bytes)) return;

        var report = await MdocVerifier.VerifyAsync(changed, Expected);

        if (!report.TryGetVerified(out var credential)) return;
        Assert.True((await MdocVerifier.VerifyAsync(bytes, Expected)).TryGetVerified(out var original));
        Assert.True(JsonElement.DeepEquals(original!.Claims, credential.Claims));
    }

    public void Dispose() => _agency.Dispose();
}
