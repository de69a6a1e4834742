using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>A driving licence shown from device to device: engagement, request, device authentication over the session, verification.</summary>
public sealed class PresentationTests : IDisposable
{
    private readonly MdocAgency _agency = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _agency.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_licence_shown_in_a_session_is_accepted_by_its_reader(bool overTcp, bool withMac)
    {
        var (holderEnd, readerEnd) = overTcp ? await TransportTests.ConnectAsync() : InProcessTransport.CreatePair(mtu: 185);
        using var holder = ProximityHolderSession.BeginByQr([]);
        var answering = Task.Run(() => AnswerAsync(holder, holderEnd, withMac), Ct);

        using var reader = await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(holder.Engagement.ToQrText()), cancellationToken: Ct);
        var response = await AskAsync(reader, readerEnd);
        await answering.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        var report = await VerifyAsync(response, reader);
        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", verified.Claims.GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_of_one_session_is_refused_in_another(bool withMac)
    {
        var responses = new List<byte[]>();
        var readers = new List<ProximityReaderSession>();
        for (var i = 0; i < 2; i++)
        {
            var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
            using var holder = ProximityHolderSession.BeginByNfc([new NfcRetrieval(255, 256)]);
            var answering = Task.Run(() => AnswerAsync(holder, holderEnd, withMac), Ct);
            readers.Add(await ProximityReaderSession.BeginAsync(HandoverSelect.Parse(holder.HandoverSelect!.Bytes), request: null, cancellationToken: Ct));
            responses.Add(await AskAsync(readers[i], readerEnd));
            await answering.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        }

        Assert.True((await VerifyAsync(responses[0], readers[0])).IsAccepted);
        Assert.True((await VerifyAsync(responses[1], readers[1])).IsAccepted);
        var replayed = await VerifyAsync(responses[0], readers[1]);
        Assert.Equal(MdocCodes.DeviceAuthInvalid, Assert.Single(replayed.Checks, check => check.Outcome == CheckOutcome.Failed).Code);
        readers.ForEach(reader => reader.Dispose());
    }

    private Task<VerificationReport> VerifyAsync(byte[] response, ProximityReaderSession reader) => MdocVerifier.VerifyAsync(
        response, _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(reader.Transcript, reader.EReaderKey) }, Ct);

    private static async Task<byte[]> AskAsync(ProximityReaderSession reader, IProximityTransport transport)
    {
        await transport.SendAsync(reader.Request("age_over_19"u8.ToArray()), Ct);
        var answer = await reader.ReceiveAsync((await transport.ReceiveAsync(Ct))!.Value);
        Assert.True(answer.EndsSession);
        return answer.Payload!.Value.ToArray();
    }

    private async Task AnswerAsync(ProximityHolderSession holder, IProximityTransport transport, bool withMac)
    {
        await using var end = transport;
        var request = await holder.ReceiveAsync((await end.ReceiveAsync(Ct))!.Value, Ct);
        Assert.Equal("age_over_19"u8.ToArray(), request.Payload!.Value);
        using var device = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(_agency.Device.ExportPrivateJwk()));
        var held = await _agency.IssueAsync();
        var document = withMac
            ? await MdocPresenter.AuthenticateAsync(held, IsShown, holder.Transcript!, device, holder.EReaderKey!, Ct)
            : await MdocPresenter.SignAsync(held, IsShown, holder.Transcript!, _agency.Device, Ct);
        await end.SendAsync(holder.Respond(MdocPresenter.Respond(document).Encode(), isLast: true), Ct);

        static bool IsShown(string nameSpace, string element) => element == "age_over_19";
    }
}
