using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Issuance;

/// <summary>The authorization code flow and what comes after it, against a real issuer on the network that demands high assurance.</summary>
public sealed class AuthorizationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_authorized_document_is_received_after_a_restart_with_bound_tokens_and_attestations(bool isAttested)
    {
        await using var fixture = await StartAsync();
        using var provider = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var instance = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        if (isAttested)
        {
            fixture.Attestation = new SoftwareAttestationProvider(provider, null, "https://provider.example", "attested-wallet", instance, fixture.Clock);
            fixture.Issuer.Attesters = TrustStore.Create([TrustAnchor.ForKey(provider.PublicKey, TrustPurpose.WalletProvider | TrustPurpose.KeyAttester)]);
            fixture.Issuer.ClientId = "attested-wallet";
            var proof = fixture.Issuer.Metadata["credential_configurations_supported"]!["licence"]!["proof_types_supported"]!["jwt"]!.AsObject();
            proof["key_attestations_required"] = new JsonObject();
        }
        await ReopenAsync(fixture);
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        Assert.True(offer.NeedsAuthorization);
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.AcceptOfferAsync(offer, null, Token));

        var address = await fixture.Wallet.StartAuthorizationAsync(offer, new OfferAcceptance { Copies = 3 }, Token);
        Assert.Equal($"{fixture.Issuer.Url}/authorize?client_id={fixture.Issuer.ClientId}&request_uri=urn%3Arequest%3A1", address.OriginalString);
        Assert.Equal(("issuer-state-1", fixture.Issuer.ClientId), (fixture.Issuer.Pushed!.IssuerState, fixture.Issuer.Pushed.ClientId));
        await ReopenAsync(fixture);
        var outcome = Assert.Single(await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token));

        Assert.Null(outcome.Code);
        Assert.Equal(3, outcome.Document!.Credentials.Count);
        Assert.Equal(3, (await fixture.Wallet.ListKeyIdsAsync(Token)).Count); // the DPoP key is gone with the session
        var told = Assert.Single(fixture.Issuer.Notifications);
        Assert.Equal(("notification-1", NotificationEvent.Accepted), (told.NotificationId, told.Event));
    }

    [Fact]
    public async Task An_answer_of_another_server_of_nobody_or_for_the_second_time_is_refused()
    {
        await using var fixture = await StartAsync();
        await AuthorizeAsync(fixture);
        var good = fixture.Issuer.ReturnAddress();

        var mixedUp = await Assert.ThrowsAsync<MalformedDataException>(() =>
            fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(issuer: "https://attacker.example"), Token));
        Assert.Equal(OpenId4VciCodes.IssuerMismatch, mixedUp.Code);
        await Assert.ThrowsAsync<MalformedDataException>(() =>
            fixture.Wallet.ContinueAuthorizationAsync(good.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal), Token));
        foreach (var unknown in new[] { "http://127.0.0.1:5103/callback", "http://127.0.0.1:5103/callback?code=code-1&state=guess" })
        {
            var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ContinueAuthorizationAsync(unknown, Token));
            Assert.Equal(WalletCodes.AuthorizationUnknown, error.Code);
        }

        Assert.True((await fixture.Wallet.ContinueAuthorizationAsync(good, Token))[0].IsStored);
        var again = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ContinueAuthorizationAsync(good, Token));
        Assert.Equal(WalletCodes.AuthorizationUnknown, again.Code);
    }

    [Fact]
    public async Task A_refusal_or_an_hour_ends_an_authorization_and_leaves_no_key()
    {
        await using var fixture = await StartAsync();
        await AuthorizeAsync(fixture);
        var refused = await Assert.ThrowsAsync<ProtocolException>(() =>
            fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(error: "access_denied"), Token));
        Assert.Equal((WalletCodes.AuthorizationRefused, "access_denied"), (refused.Code, refused.Error));
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));

        await AuthorizeAsync(fixture);
        Assert.Single(await fixture.Wallet.ListKeyIdsAsync(Token));
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var late = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token));
        Assert.Equal(WalletCodes.AuthorizationUnknown, late.Code);
        await ReopenAsync(fixture);
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));
    }

    [Fact]
    public async Task A_bearer_token_where_a_bound_one_was_promised_is_refused()
    {
        await using var fixture = await StartAsync();
        fixture.Issuer.TokenType = "Bearer";
        await AuthorizeAsync(fixture);
        var error = await Assert.ThrowsAsync<NotSupportedCredentialException>(() => fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token));
        Assert.Equal(WalletCodes.TokenTypeNotSupported, error.Code);
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));
    }

    [Fact]
    public async Task A_deferred_document_is_waited_for_over_a_restart()
    {
        await using var fixture = await StartAsync();
        fixture.Issuer.Deferrals = 2;
        await AuthorizeAsync(fixture);
        var outcome = Assert.Single(await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token));
        Assert.Equal(WalletCodes.IssuanceDeferred, outcome.Code);
        await ReopenAsync(fixture);
        var deferred = Assert.Single(await fixture.Wallet.ListDeferredAsync(Token));
        Assert.Equal((outcome.DeferredId, "Licence", fixture.Clock.Now.AddMinutes(1)), (deferred.Id, deferred.Names.In("en"), deferred.NotBefore));

        fixture.Issuer.Requests.Clear();
        Assert.Equal(WalletCodes.IssuanceDeferred, (await fixture.Wallet.ResumeDeferredAsync(deferred.Id, Token)).Code);
        Assert.Empty(fixture.Issuer.Requests); // too early to ask
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(WalletCodes.IssuanceDeferred, (await fixture.Wallet.ResumeDeferredAsync(deferred.Id, Token)).Code);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        var received = await fixture.Wallet.ResumeDeferredAsync(deferred.Id, Token);

        Assert.True(received.IsStored);
        Assert.Empty(await fixture.Wallet.ListDeferredAsync(Token));
        Assert.Equal(received.Document!.Credentials.Count, (await fixture.Wallet.ListKeyIdsAsync(Token)).Count);
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.ResumeDeferredAsync(deferred.Id, Token));
    }

    [Theory]
    [InlineData(OpenId4VciNames.CredentialRequestDenied, true)]
    [InlineData(OpenId4VciNames.InvalidTransactionId, true)]
    [InlineData("server_error", false)]
    [Trait("Row", "VCC-17")]
    public async Task A_deferred_document_that_is_denied_is_forgotten_with_its_keys_and_one_that_fails_is_not(string error, bool isOver)
    {
        await using var fixture = await StartAsync();
        fixture.Issuer.Deferrals = 1;
        await AuthorizeAsync(fixture);
        var id = (await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].DeferredId!;
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        fixture.Issuer.DeferredError = error;

        if (isOver) Assert.Equal(WalletCodes.CredentialRefused, (await fixture.Wallet.ResumeDeferredAsync(id, Token)).Code);
        else await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResumeDeferredAsync(id, Token));

        Assert.Equal(isOver ? 0 : 1, (await fixture.Wallet.ListDeferredAsync(Token)).Count);
        Assert.Equal(isOver, (await fixture.Wallet.ListKeyIdsAsync(Token)).Count == 0);
        Assert.Equal(isOver ? 1 : 0, (await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.ReceiptRefused }, Token)).Count);
    }

    [Fact]
    [Trait("Row", "VCC-14")]
    public async Task Messages_are_encrypted_where_the_issuer_can_and_a_plain_answer_is_then_refused()
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        await using var fixture = await StartAsync();
        fixture.Issuer.EncryptionKey = key;
        var metadata = CredentialIssuerMetadata.Parse(StrictJson.ToElement(fixture.Issuer.Metadata), fixture.Issuer.Url, allowLoopbackHttp: true) with
        {
            RequestEncryption = RequestEncryptionMetadata.For(key.PublicKey, TestIssuer.EncryptionKeyId, isRequired: true),
            ResponseEncryption = ResponseEncryptionMetadata.For(isRequired: true),
        };
        fixture.Issuer.Metadata = metadata.ToJson();
        await AuthorizeAsync(fixture);
        Assert.True((await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].IsStored);

        fixture.Issuer.ForgetsEncryption = true;
        await AuthorizeAsync(fixture);
        var error = await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token));
        Assert.Equal(WalletCodes.AnswerNotEncrypted, error.Code);
        Assert.Single(await fixture.Wallet.ListDocumentsAsync(Token));
    }

    [Fact]
    public async Task A_document_is_renewed_with_fresh_keys_and_keeps_its_id_and_a_failed_renewal_changes_nothing()
    {
        await using var fixture = await StartAsync();
        fixture.Issuer.GivesRefreshToken = true;
        await AuthorizeAsync(fixture);
        var document = (await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].Document!;
        await ReopenAsync(fixture);

        fixture.Issuer.Response = _ => new JsonObject { ["credentials"] = new JsonArray(new JsonObject { ["credential"] = "Error" }) };
        Assert.Equal(WalletCodes.CredentialNotAccepted, (await fixture.Wallet.RenewDocumentAsync(document.Id, Token)).Code);
        Assert.Equal(Keys(document), Keys((await fixture.Wallet.FindDocumentAsync(document.Id, Token))!));

        fixture.Issuer.Response = texts => new CredentialResponse { Credentials = texts }.ToJson();
        var renewed = (await fixture.Wallet.RenewDocumentAsync(document.Id, Token)).Document!;
        Assert.Equal((document.Id, document.Credentials.Count), (renewed.Id, renewed.Credentials.Count));
        Assert.Empty(Keys(document).Intersect(Keys(renewed)));
        Assert.Equal(renewed.Credentials.Count + 1, (await fixture.Wallet.ListKeyIdsAsync(Token)).Count); // and the DPoP key, for the next time
        Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.Renewed }, Token));
        await fixture.Wallet.DeleteDocumentAsync(document.Id, Token);
        await ReopenAsync(fixture);
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));

        static IEnumerable<string> Keys(Document of) => of.Credentials.Select(copy => copy.Key.Id).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_a_refresh_token_nothing_is_renewed_and_an_issuer_can_be_turned_to_without_an_offer()
    {
        await using var fixture = await StartAsync();
        var offer = await fixture.Wallet.ResolveIssuerAsync(fixture.Issuer.Url, ["licence"], Token);
        await fixture.Wallet.StartAuthorizationAsync(offer, null, Token);
        Assert.Null(fixture.Issuer.Pushed!.IssuerState);
        var document = (await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].Document!;
        var error = await Assert.ThrowsAsync<NotSupportedCredentialException>(() => fixture.Wallet.RenewDocumentAsync(document.Id, Token));
        Assert.Equal(WalletCodes.RenewalNotSupported, error.Code);
    }

    private static Task<WalletFixture> StartAsync() => WalletFixture.StartSecureAsync();

    private static Task ReopenAsync(WalletFixture fixture) => fixture.ReopenAsync();

    private static Task AuthorizeAsync(WalletFixture fixture) => fixture.AuthorizeAsync();
}
