using Credentials.Http;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Credentials.Tests.StatusLists;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Mdoc;

/// <summary>The status of an mdoc: in a status list of either form, in an identifier list, or in both.</summary>
public sealed class MdocStatusTests : IAsyncLifetime
{
    private static readonly byte[] _own = [1, 2, 3, 4];

    private readonly TestClock _clock = new();
    private readonly MdocAgency _agency;
    private readonly OutboundHttp _http = FetchExtensions.ToLoopback();
    private readonly Dictionary<string, (string Type, byte[] Body)> _served = [];
    private LocalServer _server = null!;
    private int _requests;

    public MdocStatusTests() => _agency = new MdocAgency(_clock.Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string StatusUri => new Uri(_server.Url, "/status").ToString();

    private string RevokedUri => new Uri(_server.Url, "/revoked").ToString();

    private StatusReference Place => new(StatusUri, 4);

    private IdentifierReference Own => new(RevokedUri, _own);

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync(context =>
    {
        _requests++;
        if (!_served.TryGetValue(context.Request.Path.Value!, out var answer))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = answer.Type;
        return context.Response.Body.WriteAsync(answer.Body).AsTask();
    });

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _agency.Dispose();
    }

    private async Task<(CheckOutcome Outcome, string? Code)> StatusAsync(params CredentialStatus[] status)
    {
        var issued = await _agency.IssueAsync(_agency.Content with { Status = status });
        var expected = _agency.Expectations with { Status = new StatusPolicy(StatusMode.Online), StatusClient = new StatusListClient(_http) };
        var report = await MdocVerifier.VerifyAsync(issued.Encode(), expected, Ct);
        var check = report.Checks.Single(one => one.Id == MdocChecks.Status);
        Assert.Equal(check.Outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable, report.IsAccepted);
        return (check.Outcome, check.Code);
    }

    private async Task ServeStatusListAsync(byte value, bool isCwt = true, string? uri = null, Agency? signer = null)
    {
        var list = StatusList.Create(2, 8);
        list[4] = value;
        var content = new StatusListTokenContent
        {
            Uri = uri ?? StatusUri,
            List = list,
            IssuedAt = _clock.Now,
            ExpiresAt = _clock.Now.AddDays(1),
            Certificates = [signer?.Certificate ?? _agency.Certificate],
        };
        var key = signer?.Key ?? _agency.Key;
        _served["/status"] = isCwt
            ? (StatusListNames.CwtMediaType, await StatusListToken.IssueCwtAsync(content, key, Ct))
            : (StatusListNames.JwtMediaType, System.Text.Encoding.ASCII.GetBytes(await StatusListToken.IssueAsync(content, key, Ct)));
    }

    private async Task ServeIdentifierListAsync(params byte[][] revoked) => _served["/revoked"] = (StatusListNames.IdentifierListMediaType, await IdentifierListToken.IssueAsync(
        new IdentifierListTokenContent
        {
            Uri = RevokedUri,
            List = IdentifierList.Create(revoked.Select(id => (ReadOnlyMemory<byte>)id)),
            IssuedAt = _clock.Now,
            ExpiresAt = _clock.Now.AddDays(1),
            Certificates = [_agency.Certificate],
        },
        _agency.Key,
        Ct));

    [Theory]
    [Trait("Row", "MDI-25")]
    [Trait("Row", "TSL-29")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_status_list_of_either_form_decides(bool isCwt)
    {
        await ServeStatusListAsync(StatusTypes.Valid, isCwt);
        Assert.Equal((CheckOutcome.Passed, null), await StatusAsync(Place));
        await ServeStatusListAsync(StatusTypes.Invalid, isCwt);
        Assert.Equal((CheckOutcome.Failed, StatusListCodes.Revoked), await StatusAsync(Place));
    }

    [Fact]
    [Trait("Row", "MDI-25")]
    public async Task A_list_about_another_address_or_of_another_signer_leaves_the_status_undecided()
    {
        using var other = new Agency("Other", _clock.Now);
        await ServeStatusListAsync(StatusTypes.Valid, uri: StatusUri + "/2");
        Assert.Equal((CheckOutcome.Indeterminate, StatusListCodes.SubjectMismatch), await StatusAsync(Place));
        await ServeStatusListAsync(StatusTypes.Valid, signer: other);
        Assert.Equal((CheckOutcome.Indeterminate, StatusListCodes.SignerNotTrusted), await StatusAsync(Place));
        Assert.Equal((CheckOutcome.Passed, null), await StatusAsync(Place with { Certificate = other.Root.RawData }));
    }

    [Fact]
    [Trait("Row", "MDI-25")]
    public async Task An_identifier_that_is_listed_is_revoked()
    {
        await ServeIdentifierListAsync([9, 9]);
        Assert.Equal((CheckOutcome.Passed, null), await StatusAsync(Own));
        await ServeIdentifierListAsync([9, 9], _own);
        Assert.Equal((CheckOutcome.Failed, StatusListCodes.Revoked), await StatusAsync(Own));
    }

    [Theory]
    [Trait("Row", "MDI-25")]
    [InlineData(StatusTypes.Valid, false, CheckOutcome.Passed, null)]
    [InlineData(StatusTypes.Valid, true, CheckOutcome.Failed, StatusListCodes.Revoked)]
    [InlineData(StatusTypes.Suspended, false, CheckOutcome.Failed, StatusListCodes.Suspended)]
    [InlineData(StatusTypes.Invalid, true, CheckOutcome.Failed, StatusListCodes.Revoked)]
    [InlineData(StatusTypes.Valid, null, CheckOutcome.Indeterminate, StatusListCodes.Unreachable)]
    [InlineData(StatusTypes.Invalid, null, CheckOutcome.Failed, StatusListCodes.Revoked)]
    [InlineData(null, false, CheckOutcome.Indeterminate, StatusListCodes.Unreachable)]
    [InlineData(null, true, CheckOutcome.Failed, StatusListCodes.Revoked)]
    public async Task Where_both_lists_are_named_both_must_say_that_it_is_valid(byte? listed, bool? isRevoked, CheckOutcome outcome, string? code)
    {
        if (listed is { } value) await ServeStatusListAsync(value);
        if (isRevoked is { } revoked) await ServeIdentifierListAsync(revoked ? [_own] : []);
        Assert.Equal((outcome, code), await StatusAsync(Place, Own));
        Assert.Equal((outcome, code), await StatusAsync(Own, Place));
    }

    // The issuer is told by whom its lists are fetched, so they are for good mdocs alone.
    [Fact]
    public async Task The_status_of_an_mdoc_that_is_refused_anyway_is_not_asked_for()
    {
        await ServeStatusListAsync(StatusTypes.Valid);
        var issued = await _agency.IssueAsync(_agency.Content with { Status = [Place] });
        var asked = 0;
        var expected = _agency.Expectations with
        {
            Status = new StatusPolicy(StatusMode.Online),
            StatusClient = new StatusListClient(_http),
            DocTypes = ["org.example"],
            Query = (_, _) => { asked++; return null; },
        };
        var report = await MdocVerifier.VerifyAsync(issued.Encode(), expected, Ct);
        var check = report.Checks.Single(one => one.Id == MdocChecks.Status);
        Assert.Equal((CheckOutcome.NotRun, MdocChecks.DocType), (check.Outcome, check.BlockedBy));
        Assert.Equal((0, 1), (_requests, asked));
        await MdocVerifier.VerifyAsync(issued.Encode(), expected with { DocTypes = null }, Ct);
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task An_mdoc_without_a_status_has_none_to_check() =>
        Assert.Equal((CheckOutcome.NotApplicable, StatusListCodes.Absent), await StatusAsync());
}
