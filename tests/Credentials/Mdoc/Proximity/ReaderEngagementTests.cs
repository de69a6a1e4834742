using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>Sessions that the reader offers: by an engagement of its own (ISO/IEC TS 18013-7 Annex A), or with an NFC request.</summary>
public sealed class ReaderEngagementTests : IDisposable
{
    private const string Site = "gov.example.com";

    private readonly InPersonParties _parties = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ItemsRequest Asked => InPersonParties.Ask(MdocNames.MdlDocType, MdocNames.MdlNamespace, "age_over_18");

    public void Dispose() => _parties.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_licence_is_shown_in_a_session_that_the_reader_offered(bool overTcp, bool withMac)
    {
        var (holderEnd, readerEnd) = overTcp ? await TransportTests.ConnectAsync() : InProcessTransport.CreatePair(mtu: 185);
        using var invitation = ReaderInvitation.Create([new NfcRetrieval(255, 256)]);
        var accepting = ProximityReader.AcceptAsync(invitation, readerEnd, Site, Ct);
        await using var holder = new ProximityHolder(
            await ProximityHolderSession.BeginByReaderAsync(ReaderEngagement.ParseText(invitation.Engagement.ToText()), [Site], cancellationToken: Ct), holderEnd);
        var receiving = holder.ReceiveAsync(Ct);
        await using var reader = await accepting;
        var asking = reader.AskAsync(await _parties.RequestAsync(reader, [Asked]), _parties.Agency.Expectations, Ct);
        var request = (await receiving)!;
        Assert.True(ReaderAuthentication.Verify(request, holder.Transcript, _parties.Readers, _parties.Agency.Now)[0].IsVerified);
        var document = await _parties.ShowAsync(holder, await _parties.Agency.IssueAsync(), withMac, (_, element) => element == "age_over_19");
        await holder.RespondAsync(MdocPresenter.Respond(request, [document]), cancellationToken: Ct);
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", InPersonParties.ClaimsOf(Assert.Single(await asking)));
        Assert.Equal(reader.Transcript.Bytes, holder.Transcript.Bytes);
    }

    [Fact]
    public async Task A_reader_that_offered_the_session_asks_again_in_it()
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        using var invitation = ReaderInvitation.Create([]);
        var accepting = ProximityReader.AcceptAsync(invitation, readerEnd, cancellationToken: Ct);
        await using var holder = new ProximityHolder(await ProximityHolderSession.BeginByReaderAsync(invitation.Engagement, [], cancellationToken: Ct), holderEnd);
        var receiving = holder.ReceiveAsync(Ct);
        await using var reader = await accepting;
        for (var round = 0; round < 2; round++)
        {
            var asking = reader.AskAsync(DeviceRequest.Create(Asked), _parties.Agency.Expectations, Ct);
            var request = (await receiving)!;
            await holder.RespondAsync(MdocPresenter.Respond(request, []), isLast: false, Ct);
            Assert.Null(Assert.Single(await asking).Report);
            receiving = holder.ReceiveAsync(Ct);
        }
    }

    [Fact]
    public async Task An_invitation_that_was_withdrawn_is_not_answered()
    {
        var invitation = ReaderInvitation.Create([]);
        using var holder = await ProximityHolderSession.BeginByReaderAsync(invitation.Engagement, [], cancellationToken: Ct);
        invitation.Dispose();
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(async () => await invitation.AcceptAsync(holder.FirstMessage!.Value, cancellationToken: Ct))).Code);
    }

    [Fact]
    public async Task The_transcript_has_the_digest_of_the_engagement_as_its_handover()
    {
        using var invitation = ReaderInvitation.Create([]);
        using var holder = await ProximityHolderSession.BeginByReaderAsync(invitation.Engagement, [], cancellationToken: Ct);
        using var reader = await invitation.AcceptAsync(holder.FirstMessage!.Value, cancellationToken: Ct);
        var parts = CborValue.Decode(reader.Transcript.Bytes).GetArray(3);
        Assert.Equal(holder.Engagement.Encoded.Bytes, parts[0].Encoded);
        Assert.Equal(invitation.Engagement.EReaderKeyBytes!.Value.Bytes, parts[1].Encoded);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(invitation.Engagement.Encoded.Bytes.Span), parts[2].GetBytes());
        Assert.Equal(("1.1", "1.1"), (invitation.Engagement.Version, holder.Engagement.Version));

        // The reader's first message brings no key: the device has it already.
        Assert.NotNull(SessionData.Parse(reader.Request("request"u8.ToArray())).Data);
    }

    [Theory]
    [Trait("Row", "MDD-15")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_key_of_the_reader_ends_the_session(bool isBegunByReader)
    {
        using var invitation = ReaderInvitation.Create([]);
        using var holder = isBegunByReader
            ? await ProximityHolderSession.BeginByReaderAsync(invitation.Engagement, [], cancellationToken: Ct)
            : ProximityHolderSession.BeginByQr([]);
        using var another = await ProximityReaderSession.BeginAsync(holder.Engagement, cancellationToken: Ct);
        var message = another.Request("request"u8.ToArray());
        if (isBegunByReader) Assert.Equal(ProximityCodes.MessageOrder, (await Assert.ThrowsAsync<MalformedDataException>(async () => await holder.ReceiveAsync(message, Ct))).Code);
        else Assert.NotNull((await holder.ReceiveAsync(message, Ct)).Payload);
    }

    [Theory]
    [InlineData(new[] { Site }, true)]
    [InlineData(new[] { "GOV.example.com" }, true)]
    [InlineData(new[] { "evil.example", Site }, true)]
    [InlineData(new[] { "evil.example" }, false)]
    [InlineData(new[] { "" }, false)]
    [InlineData(new string[0], false)]
    public async Task A_device_that_took_the_engagement_from_another_site_is_refused(string[] origins, bool accepted)
    {
        using var invitation = ReaderInvitation.Create([]);
        using var holder = await ProximityHolderSession.BeginByReaderAsync(invitation.Engagement, origins, cancellationToken: Ct);
        if (accepted)
            (await invitation.AcceptAsync(holder.FirstMessage!.Value, Site, cancellationToken: Ct)).Dispose();
        else
            Assert.Equal(ProximityCodes.Origin, (await Assert.ThrowsAsync<ProtocolException>(async () => await invitation.AcceptAsync(holder.FirstMessage!.Value, Site, cancellationToken: Ct))).Code);
    }

    [Fact]
    public async Task An_invitation_is_answered_once_whatever_the_answer_is()
    {
        using var invitation = ReaderInvitation.Create([]);
        using var holder = await ProximityHolderSession.BeginByReaderAsync(invitation.Engagement, [], cancellationToken: Ct);
        using var first = await invitation.AcceptAsync(holder.FirstMessage!.Value, cancellationToken: Ct);
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(async () => await invitation.AcceptAsync(holder.FirstMessage!.Value, cancellationToken: Ct))).Code);

        using var spoiled = ReaderInvitation.Create([]);
        await Assert.ThrowsAsync<MalformedDataException>(async () => await spoiled.AcceptAsync(new byte[] { 0xa0 }, cancellationToken: Ct));
        using var late = await ProximityHolderSession.BeginByReaderAsync(spoiled.Engagement, [], cancellationToken: Ct);
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(async () => await spoiled.AcceptAsync(late.FirstMessage!.Value, cancellationToken: Ct))).Code);
    }

    [Fact]
    public async Task A_device_with_the_readers_own_key_is_refused()
    {
        using var invitation = ReaderInvitation.Create([]);
        var message = EngagementMessage.Encode(DeviceEngagement.CreateAnswer(invitation.Engagement.EReaderKey!, []));
        Assert.Equal(ProximityCodes.KeyReused, (await Assert.ThrowsAsync<MalformedDataException>(async () => await invitation.AcceptAsync(message, cancellationToken: Ct))).Code);
    }

    [Fact]
    public async Task An_engagement_without_a_key_begins_no_session()
    {
        var bare = ReaderEngagement.Parse(ReaderEngagement.EncodeForHandover());
        Assert.Equal(
            ProximityCodes.EngagementMalformed,
            (await Assert.ThrowsAsync<MalformedDataException>(async () => await ProximityHolderSession.BeginByReaderAsync(bare, [], cancellationToken: Ct))).Code);
    }

    [Fact]
    public async Task A_changed_engagement_gives_no_common_keys()
    {
        using var invitation = ReaderInvitation.Create([new NfcRetrieval(255, 256)]);
        var bytes = invitation.Engagement.Encoded.Content.ToArray();
        bytes[^1] ^= 1; // the retrieval method, which only the transcript covers
        using var holder = await ProximityHolderSession.BeginByReaderAsync(ReaderEngagement.Parse(bytes), [], cancellationToken: Ct);
        using var reader = await invitation.AcceptAsync(holder.FirstMessage!.Value, cancellationToken: Ct);
        var request = reader.Request("request"u8.ToArray());
        Assert.Equal(ProximityCodes.Decryption, (await Assert.ThrowsAsync<MalformedDataException>(async () => await holder.ReceiveAsync(request, Ct))).Code);
    }

    [Theory]
    [InlineData("mdoc:")]
    [InlineData("mdoc:/")]
    [InlineData("https://")]
    [InlineData("")]
    public void A_text_of_another_scheme_is_no_reader_engagement(string scheme)
    {
        using var invitation = ReaderInvitation.Create([]);
        var text = invitation.Engagement.ToText();
        Assert.Equal(invitation.Engagement.Encoded.Bytes, ReaderEngagement.ParseText(text).Encoded.Bytes);
        EngagementTests.AssertMalformed(() => ReaderEngagement.ParseText(scheme + text["mdoc://".Length..]));
        EngagementTests.AssertMalformed(() => DeviceEngagement.ParseQrText(text));
    }

    [Theory]
    [InlineData("a0")]
    [InlineData("a1746465766963655f656e676167656d656e744279746573f6")]
    [InlineData("a175646576696365456e676167656d656e744279746573f6")]
    [InlineData("a175646576696365456e676167656d656e744279746573d818418000")]
    [InlineData("ff")]
    public async Task A_first_message_without_an_engagement_is_refused_and_the_connection_closed(string hex)
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        using var invitation = ReaderInvitation.Create([]);
        await holderEnd.SendAsync(System.Convert.FromHexString(hex), Ct);
        var error = await Assert.ThrowsAsync<MalformedDataException>(() => ProximityReader.AcceptAsync(invitation, readerEnd, cancellationToken: Ct));
        Assert.StartsWith("proximity.", error.Code, StringComparison.Ordinal);
        Assert.Null(await holderEnd.ReceiveAsync(Ct));
    }

    [Fact]
    public async Task Nobody_who_answers_is_an_error_with_a_code()
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        using var invitation = ReaderInvitation.Create([]);
        await holderEnd.DisposeAsync();
        Assert.Equal(
            ProximityCodes.Disconnected,
            (await Assert.ThrowsAsync<FetchException>(() => ProximityReader.AcceptAsync(invitation, readerEnd, cancellationToken: Ct))).Code);
    }

    [Fact]
    public async Task A_handover_that_the_reader_asked_for_begins_a_session()
    {
        var uuid = Guid.NewGuid();
        var request = HandoverRequest.Create([new BleRetrieval(false, true) { CentralClientUuid = uuid }, new NfcRetrieval(255, 256)]);
        var received = HandoverRequest.Parse(request.Bytes);
        var ble = Assert.IsType<BleRetrieval>(received.Carriers[0].Method);
        Assert.Equal((false, true, uuid), (ble.PeripheralServer, ble.CentralClient, ble.CentralClientUuid));
        Assert.Equal("1.0", received.Engagement!.Version);
        Assert.Null(received.Carriers[1].Method); // the lengths of NFC are the holder's to say

        using var holder = ProximityHolderSession.BeginByNfc([new BleRetrieval(false, true)], received);
        var select = HandoverSelect.Parse(holder.HandoverSelect!.Bytes);
        using var reader = await ProximityReaderSession.BeginAsync(select, request, cancellationToken: Ct);
        Assert.Equal("request"u8.ToArray(), (await holder.ReceiveAsync(reader.Request("request"u8.ToArray()), Ct)).Payload!.Value);
        Assert.Equal(reader.Transcript.Bytes, holder.Transcript!.Bytes);

        // A reader that leaves its own request out has another session.
        using var silent = await ProximityReaderSession.BeginAsync(select, request: null, cancellationToken: Ct);
        using var again = ProximityHolderSession.Begin(SoftwareKeyAgreementKey.Generate(), select.Engagement, select.ToHandover(received));
        await Assert.ThrowsAsync<MalformedDataException>(async () => await again.ReceiveAsync(silent.Request("request"u8.ToArray()), Ct));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void The_modes_of_a_reader_are_read_as_the_holder_has_them(bool server, bool client)
    {
        var uuid = Guid.NewGuid();
        var sent = new BleRetrieval(server, client) { PeripheralServerUuid = server ? uuid : null, CentralClientUuid = client ? uuid : null };
        Assert.Equal(sent, HandoverRequest.Parse(HandoverRequest.Create([sent]).Bytes).Carriers[0].Method);
    }
}
