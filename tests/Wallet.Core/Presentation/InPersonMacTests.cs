using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Presentation;

/// <summary>How a device authenticates in person: by a MAC for this reader alone where its key can do that, else by a signature; never both with one key.</summary>
public sealed class InPersonMacTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_copy_makes_a_MAC_for_this_session_alone_and_one_copy_stays_back_that_signs()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync(copies: 2, configuration: "mdl");
        using var first = await ShowAsync(fixture);
        Assert.Equal((true, false), (first.Shown.DeviceSigned.Mac is not null, first.Shown.DeviceSigned.Signature is not null));
        Assert.True((await VerifyAsync(fixture, first, first.Auth)).IsAccepted);

        // Over the network it is the other copy that signs, and that one does not make MACs from then on.
        await PresentAsync(fixture);
        var copies = (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Credentials;
        Assert.Equal([(1, true), (1, false)], copies.Select(copy => (copy.TimesPresented, copy.UsesMac)).OrderByDescending(copy => copy.UsesMac));
        await fixture.ReopenAsync();
        await PresentAsync(fixture);
        using var again = await ShowAsync(fixture);
        Assert.NotNull(again.Shown.DeviceSigned.Mac); // the copy that was shown least, which is committed to MACs
        Assert.Equal(first.Shown.IssuerSigned.SecurityObject.DeviceKey.X.ToArray(), again.Shown.IssuerSigned.SecurityObject.DeviceKey.X.ToArray());
        copies = (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Credentials;
        Assert.Equal([(2, true), (2, false)], copies.Select(copy => (copy.TimesPresented, copy.UsesMac)).OrderByDescending(copy => copy.UsesMac));
    }

    [Fact]
    public async Task A_reader_refuses_the_MAC_of_another_session_and_one_that_it_has_no_key_for()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync(copies: 3, configuration: "mdl");
        using var first = await ShowAsync(fixture);
        using var second = await ShowAsync(fixture);
        Assert.NotNull(second.Shown.DeviceSigned.Mac);
        foreach (var (auth, code) in new[]
        {
            (second.Auth, MdocCodes.DeviceAuthInvalid),
            (DeviceAuthExpectation.Required(first.Auth.Transcript!, second.Auth.ReaderKey), MdocCodes.DeviceAuthInvalid), // the right words, another key
            (DeviceAuthExpectation.Required(second.Auth.Transcript!, first.Auth.ReaderKey), MdocCodes.DeviceAuthInvalid),
            (DeviceAuthExpectation.Required(first.Auth.Transcript!), MdocCodes.DeviceMacUnusable),
        })
        {
            var report = await VerifyAsync(fixture, first, auth);
            Assert.False(report.IsAccepted);
            Assert.Equal(code, report.Checks.Single(check => check.Id == MdocChecks.DeviceAuth).Code);
        }
    }

    [Theory]
    [InlineData(1, false)] // the only copy has to sign for requests over the network
    [InlineData(2, true)] // the area signs and does nothing else
    public async Task Where_no_MAC_can_be_the_device_signs(int copies, bool onlySigns)
    {
        await using var fixture = await WalletFixture.StartAsync(area: onlySigns ? new LockableArea() : null);
        await fixture.ReceiveAsync(copies, configuration: "mdl");
        for (var time = 0; time < 2; time++)
        {
            using var meeting = await ShowAsync(fixture);
            Assert.Equal((false, true), (meeting.Shown.DeviceSigned.Mac is not null, meeting.Shown.DeviceSigned.Signature is not null));
            Assert.True((await VerifyAsync(fixture, meeting, meeting.Auth)).IsAccepted);
        }
        await PresentAsync(fixture);
    }

    [Fact]
    public async Task A_session_that_always_signs_does_so_where_a_MAC_could_be_and_leaves_keys_alone_that_made_one()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync(copies: 2, configuration: "mdl");
        using var withMac = await ShowAsync(fixture);
        Assert.NotNull(withMac.Shown.DeviceSigned.Mac);

        using var signed = await ShowAsync(fixture, alwaysSign: true);
        Assert.Equal((false, true), (signed.Shown.DeviceSigned.Mac is not null, signed.Shown.DeviceSigned.Signature is not null));
        Assert.True((await VerifyAsync(fixture, signed, signed.Auth)).IsAccepted);
        Assert.NotEqual(withMac.Shown.IssuerSigned.SecurityObject.DeviceKey.X.ToArray(), signed.Shown.IssuerSigned.SecurityObject.DeviceKey.X.ToArray());
        var copies = (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Credentials;
        Assert.Equal([(1, true), (1, false)], copies.Select(copy => (copy.TimesPresented, copy.UsesMac)).OrderByDescending(copy => copy.UsesMac));
    }

    private static async Task PresentAsync(WalletFixture fixture)
    {
        fixture.Verifier.Query = TestVerifier.QueryForMdoc("age_over_19");
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);
    }

    /// <summary>Shows what a reader asks for, in a session of its own.</summary>
    private static async Task<Meeting> ShowAsync(WalletFixture fixture, bool alwaysSign = false)
    {
        var session = ProximityHolderSession.BeginByQr([]);
        var reader = await ProximityReaderSession.BeginAsync(session.Engagement, cancellationToken: Token);
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        await using var holder = fixture.Wallet.BeginInPerson(session, holderEnd, alwaysSign);
        var items = ItemsRequest.Create(MdocNames.MdlDocType, new Dictionary<string, IReadOnlyDictionary<string, bool>>
        {
            [MdocNames.MdlNamespace] = new Dictionary<string, bool> { ["age_over_19"] = false },
        });
        await readerEnd.SendAsync(reader.Request(DeviceRequest.Create(items).Encode()), Token);
        var request = (await holder.ReceiveAsync(Token))!;
        await holder.ShareAsync(request, request.Proposal, cancellationToken: Token);
        var answer = await reader.ReceiveAsync((await readerEnd.ReceiveAsync(Token))!.Value);
        return new Meeting(reader, Assert.Single(DeviceResponse.Parse(answer.Payload!.Value).Documents), DeviceAuthExpectation.Required(reader.Transcript, reader.EReaderKey));
    }

    private static Task<VerificationReport> VerifyAsync(WalletFixture fixture, Meeting meeting, DeviceAuthExpectation auth) => MdocVerifier.VerifyAsync(
        meeting.Shown,
        new MdocExpectations
        {
            Trust = TrustStore.Create([TrustAnchor.ForCertificate(fixture.Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer)]),
            Now = fixture.Clock.Now,
            DeviceAuth = auth,
            Status = new StatusPolicy(StatusMode.Skip),
            DocTypes = [MdocNames.MdlDocType],
        },
        Token);

    private sealed record Meeting(ProximityReaderSession Reader, MdocDocument Shown, DeviceAuthExpectation Auth) : IDisposable
    {
        public void Dispose() => Reader.Dispose();
    }
}
