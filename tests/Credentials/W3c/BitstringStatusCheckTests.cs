using System.Text;
using System.Text.Json.Nodes;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Http;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.W3c;
using Microsoft.AspNetCore.Http;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Credentials whose status stands in bitstring lists, which are fetched from a server and secured in one way or another.</summary>
public sealed class BitstringStatusCheckTests : IAsyncLifetime
{
    private const int Good = 3;
    private const int Bad = 7;

    private readonly OutboundHttp _http = FetchExtensions.ToLoopback();
    private readonly Dictionary<string, (byte[] Body, string MediaType)> _served = [];
    private LocalServer _server = null!;
    private BitstringStatusListClient _client = null!;

    private W3cExpectations Online => Expected with { Status = new StatusPolicy(StatusMode.Online), BitstringStatusClient = _client };

    public async ValueTask InitializeAsync()
    {
        _client = new BitstringStatusListClient(_http);
        _server = await LocalServer.StartAsync(async context =>
        {
            if (!_served.TryGetValue(context.Request.Path.Value!, out var answer))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.ContentType = answer.MediaType;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private string Url(string path) => new Uri(_server.Url, path).ToString();

    private BitstringStatusListContent List(string path, string purpose, int size = 1, string? issuer = null)
    {
        var list = BitstringStatusList.Create(size);
        list[Bad] = list.MaxValue;
        return new BitstringStatusListContent
        {
            Id = Url(path),
            Issuer = issuer ?? Issuer,
            Purposes = [purpose],
            List = list,
            ValidFrom = Now.AddHours(-1),
            ValidUntil = Now.AddDays(1),
            TimeToLive = TimeSpan.FromMinutes(10),
        };
    }

    private void Serve(string path, string body, string mediaType) => _served[path] = (Encoding.UTF8.GetBytes(body), mediaType);

    private async Task PublishAsync(
        string path, string purpose = StatusPurposes.Revocation, int size = 1, string? issuer = null, ISigningKey? key = null, Action<JsonObject>? change = null)
    {
        var document = List(path, purpose, size, issuer).ToCredential();
        change?.Invoke(document);
        var content = Content(document) with { KeyId = DidKey.VerificationMethodOf(issuer ?? Issuer) };
        Serve(path, await W3cIssuer.IssueJwtAsync(content, key ?? IssuerKey, Ct), "application/vc+jwt");
    }

    private async Task<string> DiplomaAsync(params IReadOnlyList<JsonObject> entries) =>
        await IssueAsync(Diploma(d => d["credentialStatus"] = entries is [var only] ? only : new JsonArray([.. entries])));

    private JsonObject Entry(string path, int? index = Good, string purpose = StatusPurposes.Revocation, int size = 1) =>
        new BitstringStatusListEntry(purpose, index, Url(path))
        {
            StatusSize = size,
            Messages = size == 1 ? new Dictionary<uint, string>() : Enumerable.Range(0, 1 << size).ToDictionary(value => (uint)value, value => $"{value}"),
        }.ToJson();

    private Task RefuseAsync(string credential, string code, W3cExpectations? expected = null, CheckOutcome outcome = CheckOutcome.Failed) =>
        RefuseOnlyAsync(credential, W3cChecks.Status, code, expected ?? Online, outcome);

    [Theory]
    [InlineData(StatusPurposes.Revocation, StatusListCodes.Revoked)]
    [InlineData(StatusPurposes.Suspension, StatusListCodes.Suspended)]
    public async Task A_status_that_is_set_takes_the_validity_away(string purpose, string code)
    {
        foreach (var size in (int[])[1, 2])
        {
            var path = $"/{purpose}/{size}";
            await PublishAsync(path, purpose, size);
            AssertHas(await AcceptAsync(await DiplomaAsync(Entry(path, Good, purpose, size)), Online), W3cChecks.Status, CheckOutcome.Passed);
            await RefuseAsync(await DiplomaAsync(Entry(path, Bad, purpose, size)), code);
        }
    }

    [Theory]
    [InlineData(StatusPurposes.Refresh, StatusListCodes.RefreshDue)]
    [InlineData(StatusPurposes.Message, StatusListCodes.Message)]
    public async Task A_refresh_and_a_message_are_told_and_take_nothing_away(string purpose, string code)
    {
        await PublishAsync("/1", purpose, 2);
        AssertHas(await AcceptAsync(await DiplomaAsync(Entry("/1", Bad, purpose, 2)), Online), W3cChecks.Status, CheckOutcome.Passed, code);
        AssertHas(await AcceptAsync(await DiplomaAsync(Entry("/1", Good, purpose, 2)), Online), W3cChecks.Status, CheckOutcome.Passed);
    }

    [Fact]
    public async Task A_list_is_secured_in_any_form_whatever_the_credential_is_secured_with()
    {
        var document = List("/1", StatusPurposes.Revocation).ToCredential();
        var proved = await W3cIssuer.IssueWithProofAsync(document, new ProofOptions
        {
            Cryptosuite = DataIntegrityNames.EcdsaRdfc2019,
            VerificationMethod = DidKey.VerificationMethodOf(Issuer),
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
            Created = Now.AddHours(-1),
        }, IssuerKey, Ct);
        var cose = await W3cIssuer.IssueCoseAsync(Content(document), IssuerKey, Ct);
        Serve("/1", proved.ToJsonString(), "application/vc");
        foreach (var body in (Action[])[() => { }, () => _served["/1"] = (cose, "application/vc+cose")])
        {
            body();
            var fresh = Online with { BitstringStatusClient = new BitstringStatusListClient(_http) };
            await RefuseAsync(await DiplomaAsync(Entry("/1", Bad)), StatusListCodes.Revoked, fresh);
            await AcceptAsync(await DiplomaAsync(Entry("/1", Good)), fresh);
            var diploma = await W3cIssuer.IssueCoseAsync(Content(Diploma(d => d["credentialStatus"] = Entry("/1", Bad))), IssuerKey, Ct);
            AssertOnly(await W3cVerifier.VerifyCredentialAsync(diploma, fresh, Ct), W3cChecks.Status, StatusListCodes.Revoked);
        }
    }

    [Fact]
    public async Task Without_a_network_a_list_that_was_kept_answers_for_as_long_as_the_policy_says()
    {
        await PublishAsync("/1");
        var (good, bad) = (await DiplomaAsync(Entry("/1", Good)), await DiplomaAsync(Entry("/1", Bad)));
        using var folder = new TempFolder();
        using var outbound = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, Kept = new KeptDocuments(folder.FullPath, new byte[32]) });
        // Each time a client that has nothing in memory, as after a restart.
        W3cExpectations At(int hours) => Online with
        {
            Now = Now.AddHours(hours),
            Status = new StatusPolicy(StatusMode.Online) { MaxOfflineAge = TimeSpan.FromHours(2) },
            BitstringStatusClient = new BitstringStatusListClient(outbound),
        };
        AssertHas(await AcceptAsync(good, At(0)), W3cChecks.Status, CheckOutcome.Passed);
        await _server.DisposeAsync();

        AssertHas(await AcceptAsync(good, At(1)), W3cChecks.Status, CheckOutcome.Passed, StatusListCodes.CopyUsed);
        await RefuseAsync(bad, StatusListCodes.Revoked, At(1));
        await RefuseAsync(good, StatusListCodes.CopyTooOld, At(3), CheckOutcome.Indeterminate);
    }

    [Fact]
    [Trait("Row", "BSL-02")]
    public async Task A_list_about_something_else_says_nothing_good()
    {
        await PublishAsync("/1", StatusPurposes.Suspension);
        await RefuseAsync(await DiplomaAsync(Entry("/1", Good, StatusPurposes.Revocation)), StatusListCodes.PurposeMismatch);
        await PublishAsync("/2", change: d => d["credentialSubject"]!["statusPurpose"] = new JsonArray("revocation", "suspension"));
        await AcceptAsync(await DiplomaAsync(Entry("/2"), Entry("/2", Good, StatusPurposes.Suspension)), Online);
        // A purpose of the issuer's own: what a set bit means, nobody said.
        await PublishAsync("/3", "lost");
        await RefuseAsync(await DiplomaAsync(Entry("/3", Bad, "lost")), StatusListCodes.UnknownValue);
    }

    [Fact]
    [Trait("Row", "BSL-03")]
    public async Task An_index_outside_of_the_list_is_refused()
    {
        await PublishAsync("/1");
        await AcceptAsync(await DiplomaAsync(Entry("/1", BitstringStatusList.MinSize - 1)), Online);
        await RefuseAsync(await DiplomaAsync(Entry("/1", BitstringStatusList.MinSize)), StatusListCodes.IndexOutOfRange);
        var enormous = Entry("/1");
        enormous["statusListIndex"] = "99999999999999999999";
        await RefuseAsync(await DiplomaAsync(enormous), StatusListCodes.IndexOutOfRange);
    }

    [Fact]
    [Trait("Row", "BSL-05")]
    public async Task A_list_of_another_expired_unsigned_or_renamed_leaves_the_status_open()
    {
        async Task OpenAsync(string path, string code) =>
            await RefuseAsync(await DiplomaAsync(Entry(path)), code, outcome: CheckOutcome.Indeterminate);

        await PublishAsync("/stranger", issuer: Stranger, key: OtherKey);
        await OpenAsync("/stranger", StatusListCodes.SignerNotTrusted);
        await PublishAsync("/forged", key: OtherKey);
        await OpenAsync("/forged", StatusListCodes.SignatureInvalid);
        await PublishAsync("/expired", change: d => d["validUntil"] = "2026-11-02T08:00:00Z");
        await OpenAsync("/expired", StatusListCodes.TokenExpired);
        await PublishAsync("/early", change: d => d["validFrom"] = "2026-11-02T10:00:00Z");
        await OpenAsync("/early", StatusListCodes.TokenNotYetValid);
        await PublishAsync("/renamed", change: d => d["id"] = Url("/another"));
        await OpenAsync("/renamed", StatusListCodes.SubjectMismatch);
        await PublishAsync("/diploma", change: d => d["type"] = new JsonArray("VerifiableCredential"));
        await OpenAsync("/diploma", StatusListCodes.TokenMalformed);
        await PublishAsync("/short", change: d => d["credentialSubject"]!["encodedList"] = BitstringStatusList.FromBytes(1, new byte[100]).Encode());
        await OpenAsync("/short", StatusListCodes.ListMalformed);
        Serve("/unsigned", List("/unsigned", StatusPurposes.Revocation).ToCredential().ToJsonString(), "application/vc");
        await OpenAsync("/unsigned", StatusListCodes.TokenMalformed);
        Serve("/page", "<html>", "text/html");
        await OpenAsync("/page", StatusListCodes.Unreachable);
        await OpenAsync("/missing", StatusListCodes.Unreachable);
    }

    [Fact]
    public async Task Another_signer_speaks_for_an_issuer_only_under_the_same_authority()
    {
        await PublishAsync("/1", issuer: Stranger, key: OtherKey);
        // Trusted for lists, but as an authority of its own.
        var both = Online with
        {
            Trust = TrustStore.Create(
            [
                TrustAnchor.ForControlledIdentifier(Issuer, TrustPurpose.CredentialIssuer),
                TrustAnchor.ForControlledIdentifier(Stranger, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner),
            ]),
        };
        await RefuseAsync(await DiplomaAsync(Entry("/1")), StatusListCodes.SignerNotTrusted, both, CheckOutcome.Indeterminate);
    }

    [Fact]
    [Trait("Row", "BSL-07")]
    public async Task Of_several_statuses_the_bad_one_decides()
    {
        await PublishAsync("/1");
        await PublishAsync("/2", StatusPurposes.Suspension);
        await AcceptAsync(await DiplomaAsync(Entry("/1"), Entry("/2", Good, StatusPurposes.Suspension)), Online);
        await RefuseAsync(await DiplomaAsync(Entry("/1"), Entry("/2", Bad, StatusPurposes.Suspension)), StatusListCodes.Suspended);
        await RefuseAsync(await DiplomaAsync(Entry("/1"), Entry("/missing")), StatusListCodes.Unreachable, outcome: CheckOutcome.Indeterminate);
        await RefuseAsync(await DiplomaAsync(Entry("/missing"), Entry("/1", Bad)), StatusListCodes.Revoked);
        await RefuseAsync(
            await DiplomaAsync(Entry("/1"), new JsonObject { ["type"] = "OtherStatus", ["id"] = "urn:x:1" }), StatusListCodes.UnsupportedMechanism, outcome: CheckOutcome.Indeterminate);
    }

    [Fact]
    public async Task A_list_is_fetched_once_while_it_is_fresh_and_never_for_a_credential_that_is_bad_anyway()
    {
        await PublishAsync("/1");
        await RefuseOnlyAsync(await DiplomaAsync(Entry("/1")), W3cChecks.Type, W3cCodes.TypeNotExpected, Online with { Types = ["AlumniCredential"] });
        Assert.Empty(_server.Requests);
        for (var i = 0; i < 3; i++) await AcceptAsync(await DiplomaAsync(Entry("/1")), Online);
        Assert.Single(_server.Requests);
        await AcceptAsync(await DiplomaAsync(Entry("/1")), Online with { Status = new StatusPolicy(StatusMode.Offline) });
        Assert.Single(_server.Requests);

        // Ten minutes on, the list is looked for again; that it cannot be had does not make the old one good for longer.
        _served.Clear();
        var later = Online with { Now = Now.AddMinutes(11) };
        await RefuseAsync(await DiplomaAsync(Entry("/1")), StatusListCodes.Unreachable, later, CheckOutcome.Indeterminate);
        Assert.Equal(2, _server.Requests.Count);
        await AcceptAsync(await DiplomaAsync(Entry("/1")), later with { Status = new StatusPolicy(StatusMode.Online) { MaxStale = TimeSpan.FromHours(1) } });
    }

    [Fact]
    public async Task Without_a_client_or_a_copy_the_status_stays_open()
    {
        await PublishAsync("/1");
        await RefuseAsync(await DiplomaAsync(Entry("/1")), StatusListCodes.Offline, Expected, CheckOutcome.Indeterminate);
        await RefuseAsync(await DiplomaAsync(Entry("/1")), StatusListCodes.Offline, Online with { Status = new StatusPolicy(StatusMode.Offline) }, CheckOutcome.Indeterminate);
        AssertHas(
            await AcceptAsync(await DiplomaAsync(Entry("/1")), Online with { Status = new StatusPolicy(StatusMode.Skip) }),
            W3cChecks.Status, CheckOutcome.NotApplicable, StatusListCodes.NotRequested);
    }
}
