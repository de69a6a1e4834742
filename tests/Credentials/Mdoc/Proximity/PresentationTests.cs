using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>
/// Documents shown from device to device, as an app of the holder and an app of the reader do it: engagement, a signed
/// request, the holder's choice, device authentication over the session, verification.
/// </summary>
public sealed class PresentationTests : IDisposable
{
    private const string EmployeeType = "org.credentials.kr.employee.1";

    private readonly InPersonParties _parties = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ItemsRequest Licence => InPersonParties.Ask(MdocNames.MdlDocType, MdocNames.MdlNamespace, "family_name", "age_over_18", "height");

    private static ItemsRequest Employee => InPersonParties.Ask(EmployeeType, EmployeeType, "employee_number", "agency");

    public void Dispose() => _parties.Dispose();

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public async Task Two_documents_are_shown_to_a_known_reader_and_accepted(bool overTcp, bool withMac, bool signedAsAWhole)
    {
        var (holderEnd, readerEnd) = overTcp ? await TransportTests.ConnectAsync() : InProcessTransport.CreatePair(mtu: 185);
        var session = ProximityHolderSession.BeginByQr([new NfcRetrieval(255, 256)]);
        await using var holder = new ProximityHolder(session, holderEnd);
        await using var reader = new ProximityReader(
            await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(session.Engagement.ToQrText()), cancellationToken: Ct), readerEnd);

        var asking = reader.AskAsync(await _parties.RequestAsync(reader, [Licence, Employee], signedAsAWhole), _parties.Agency.Expectations, Ct);
        var request = (await holder.ReceiveAsync(Ct))!;
        var known = ReaderAuthentication.Verify(request, holder.Transcript, _parties.Readers, _parties.Agency.Now);
        Assert.All(known, identity => Assert.Equal("C=KR, CN=Town hall", identity.Certificate?.Subject));
        Assert.True(request.DocRequests[0].ItemsRequest.NameSpaces[MdocNames.MdlNamespace]["family_name"]); // intends to keep it

        var (licence, badge) = (await _parties.Agency.IssueAsync(), await IssueBadgeAsync());
        // The holder shows the age and the employee number, and not the name.
        var documents = new List<MdocDocument>();
        foreach (var (held, chosen) in new[] { (licence, "age_over_19"), (badge, "employee_number") })
            documents.Add(await _parties.ShowAsync(holder, held, withMac, (_, element) => element == chosen));
        await holder.RespondAsync(MdocPresenter.Respond(request, documents), cancellationToken: Ct);

        var answers = await asking;
        Assert.All(answers, answer => Assert.True(answer.IsAccepted, answer.Report is null ? "none" : StrictJson.ToText(answer.Report.ToJson())));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", InPersonParties.ClaimsOf(answers[0]));
        Assert.Equal("""{"org.credentials.kr.employee.1":{"employee_number":"E-17"}}""", InPersonParties.ClaimsOf(answers[1]));
        Assert.Equal(["family_name", "height"], answers[0].Missing.Select(missing => missing.Element));
        Assert.Equal(["agency"], answers[1].Missing.Select(missing => missing.Element));
        Assert.Null(await holder.ReceiveAsync(Ct));
    }

    [Fact]
    public async Task What_is_not_returned_is_named_with_an_error_code_for_its_element_or_its_document()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        var asking = reader.AskAsync(await _parties.RequestAsync(reader, [Licence, Employee]), _parties.Agency.Expectations, Ct);
        var request = (await holder.ReceiveAsync(Ct))!;
        var document = await _parties.ShowAsync(holder, await _parties.Agency.IssueAsync(), withMac: false, (_, element) => element == "family_name");
        var response = MdocPresenter.Respond(request, [document]);
        await holder.RespondAsync(response, cancellationToken: Ct);

        var read = DeviceResponse.Parse(response.Encode());
        Assert.Equal(new Dictionary<string, long> { ["age_over_18"] = 0, ["height"] = 0 }, read.Documents[0].Errors[MdocNames.MdlNamespace]);
        Assert.Equal(KeyValuePair.Create(EmployeeType, 0L), Assert.Single(read.DocumentErrors));
        var answers = await asking;
        Assert.Equal([true, false], answers.Select(answer => answer.IsAccepted));
        Assert.Null(answers[1].Report);
        Assert.Equal([(EmployeeType, "employee_number"), (EmployeeType, "agency")], answers[1].Missing);
    }

    [Fact]
    public async Task A_reader_that_nobody_vouches_for_gets_nothing_when_the_holder_wants_it_so()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        var asking = reader.AskAsync(DeviceRequest.Create(Licence), _parties.Agency.Expectations, Ct);
        var request = (await holder.ReceiveAsync(Ct))!;
        Assert.Equal(MdocCodes.ReaderAuthMissing, ReaderAuthentication.Verify(request, holder.Transcript, _parties.Readers, _parties.Agency.Now)[0].Code);
        await holder.RespondAsync(MdocPresenter.Respond(request, []), isLast: false, Ct);
        var answer = Assert.Single(await asking);
        Assert.False(answer.IsAccepted);
        Assert.Equal(3, answer.Missing.Count);

        // The same reader says who it is, in the same session.
        asking = reader.AskAsync(await _parties.RequestAsync(reader, [Licence]), _parties.Agency.Expectations, Ct);
        request = (await holder.ReceiveAsync(Ct))!;
        Assert.True(ReaderAuthentication.Verify(request, holder.Transcript, _parties.Readers, _parties.Agency.Now)[0].IsVerified);
        await holder.RespondAsync(MdocPresenter.Respond(request, [await _parties.ShowAsync(holder, await _parties.Agency.IssueAsync(), withMac: true, IsAge)]), cancellationToken: Ct);
        Assert.True(Assert.Single(await asking).IsAccepted);
    }

    [Fact]
    public async Task What_was_not_asked_for_is_not_passed_on()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        var asking = reader.AskAsync(DeviceRequest.Create(Licence), _parties.Agency.Expectations, Ct);
        await holder.ReceiveAsync(Ct);
        var licence = await _parties.ShowAsync(holder, await _parties.Agency.IssueAsync(), withMac: false, (_, _) => true);
        var badge = await _parties.ShowAsync(holder, await IssueBadgeAsync(), withMac: false, (_, _) => true);
        await holder.RespondAsync(MdocPresenter.Respond(badge, licence, licence), cancellationToken: Ct);

        var answer = Assert.Single(await asking);
        Assert.Equal("""{"org.iso.18013.5.1":{"family_name":"Kim","age_over_19":true}}""", InPersonParties.ClaimsOf(answer));
        Assert.Equal([MdocCodes.MoreThanAsked], answer.Report!.Notes);
    }

    [Fact]
    public async Task A_document_shown_with_another_device_key_is_refused_and_the_one_beside_it_accepted()
    {
        using var thief = SoftwareSigningKey.Generate(Credentials.Keys.SignatureAlgorithm.Es256);
        var (holder, reader) = await _parties.ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        var asking = reader.AskAsync(DeviceRequest.Create(Licence, Employee), _parties.Agency.Expectations, Ct);
        var request = (await holder.ReceiveAsync(Ct))!;
        var stolen = await MdocPresenter.SignAsync(await _parties.Agency.IssueAsync(), IsAge, holder.Transcript, thief, Ct);
        var own = await _parties.ShowAsync(holder, await IssueBadgeAsync(), withMac: false, (_, _) => true);
        await holder.RespondAsync(MdocPresenter.Respond(request, [stolen, own]), cancellationToken: Ct);

        var answers = await asking;
        Assert.Equal([false, true], answers.Select(answer => answer.IsAccepted));
        Assert.False(answers[0].Report!.TryGetVerified(out _));
        Assert.Equal(MdocCodes.DeviceAuthInvalid, Assert.Single(answers[0].Report!.Checks, check => check.Outcome == CheckOutcome.Failed).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_of_one_session_is_refused_in_another(bool withMac)
    {
        var (first, second) = (await _parties.ConnectAsync(), await _parties.ConnectAsync());
        var held = await _parties.Agency.IssueAsync();
        MdocDocument? kept = null;
        foreach (var (holder, reader) in new[] { first, second })
        {
            var asking = reader.AskAsync(DeviceRequest.Create(Licence), _parties.Agency.Expectations, Ct);
            var request = (await holder.ReceiveAsync(Ct))!;
            var replayed = kept;
            kept ??= await _parties.ShowAsync(holder, held, withMac, IsAge);
            await holder.RespondAsync(MdocPresenter.Respond(request, [kept]), cancellationToken: Ct);
            var report = Assert.Single(await asking).Report!;
            Assert.Equal(replayed is null, report.IsAccepted);
            if (replayed is not null)
                Assert.Equal(MdocCodes.DeviceAuthInvalid, Assert.Single(report.Checks, check => check.Outcome == CheckOutcome.Failed).Code);
            await reader.DisposeAsync();
            await holder.DisposeAsync();
        }
    }

    [Fact]
    public void A_document_that_was_not_asked_for_is_the_callers_mistake()
    {
        var document = new MdocDocument("org.example", null!, null!);
        Assert.Throws<ArgumentException>(() => MdocPresenter.Respond(DeviceRequest.Create(Licence), [document]));
    }

    private static bool IsAge(string nameSpace, string element) => element == "age_over_19";

    private Task<IssuerSigned> IssueBadgeAsync() => _parties.Agency.IssueAsync(_parties.Agency.Content with
    {
        DocType = EmployeeType,
        NameSpaces = MdocElements.FromJson(EmployeeType, StrictJson.Parse(
            """
            { "org.credentials.kr.employee.1": {
                "family_name": "Kim", "given_name": "Min", "employee_number": "E-17", "agency": "Seoul", "issue_date": "2026-01-02", "expiry_date": "2031-01-02" } }
            """)),
    });
}
