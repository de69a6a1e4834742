using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Credentials.Trust;

namespace Credentials.Issuer.Tests;

public class EncryptedMessageTests
{
    private static async Task<CredentialIssuerMetadata> MetadataAsync(RunningIssuer issuer)
    {
        using var response = await issuer.Http.GetAsync("/.well-known/openid-credential-issuer", RunningIssuer.Ct);
        return CredentialIssuerMetadata.Parse(await RunningIssuer.JsonAsync(response), issuer.Url, allowLoopbackHttp: true);
    }

    private static StringContent Jwt(string text)
    {
        var content = new StringContent(text, Encoding.ASCII);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/jwt");
        return content;
    }

    [Fact]
    [Trait("Row", "VCC-14")]
    [Trait("Row", "VCC-27")]
    public async Task Requests_and_answers_are_encrypted_and_errors_are_not()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.RequireEncryption = true);
        using var wallet = new TestWallet(issuer, null);
        using var key = SoftwareKeyAgreementKey.Generate();
        var metadata = await MetadataAsync(issuer);
        Assert.True(metadata.RequestEncryptionRequired && metadata.ResponseEncryptionRequired);
        var token = await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = (await issuer.OfferAsync()).Code });
        var plain = await wallet.RequestCredentialAsync();
        var wish = plain with { ResponseEncryption = new CredentialResponseEncryption(key.PublicKey, JweEncryption.A256Gcm, "w") };
        var withoutAnswer = await EncryptedRequest.CreateAsync(plain.ToJson(), metadata.RequestEncryption!);
        foreach (var content in new Func<HttpContent>[]
        {
            () => RunningIssuer.Json(StrictJson.ToText(plain.ToJson())), () => RunningIssuer.Json(StrictJson.ToText(wish.ToJson())), () => Jwt(withoutAnswer), () => Jwt("a.b.c.d.e"),
        })
        {
            using var refused = await wallet.PostAsync("/credential", content, token);
            Assert.Equal("application/json", refused.Content.Headers.ContentType!.MediaType);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_encryption_parameters");
        }

        var body = await EncryptedRequest.CreateAsync(wish.ToJson(), metadata.RequestEncryption!);
        // A retry of the same bytes finds the same credentials, encrypted anew.
        var credentials = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await wallet.PostAsync("/credential", () => Jwt(body), token);
            Assert.Equal((HttpStatusCode.OK, "application/jwt"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            var jwe = CompactJwe.Parse(await answer.Content.ReadAsStringAsync(RunningIssuer.Ct));
            var opened = await Jwe.DecryptAsync(jwe, key, [JweEncryption.A256Gcm], RunningIssuer.Ct);
            credentials.Add(CredentialResponse.Parse(StrictJson.Parse(opened)).Credentials.Single());
        }

        Assert.Equal(credentials[0], credentials[1]);
        Assert.Single(await issuer.RegisterAsync());
    }

    [Fact]
    public async Task The_metadata_is_signed_for_who_asks_for_that()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        async Task<HttpResponseMessage> GetAsync(string? accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-credential-issuer");
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            return await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        }

        foreach (var accept in new[] { null, "*/*", "application/json", "application/jwt;q=0.5, application/json" })
        {
            using var json = await GetAsync(accept);
            Assert.Equal("application/json", json.Content.Headers.ContentType!.MediaType);
        }

        using var signed = await GetAsync("application/jwt, application/json;q=0.5");
        Assert.Equal("application/jwt", signed.Content.Headers.ContentType!.MediaType);
        var jwt = await signed.Content.ReadAsStringAsync(RunningIssuer.Ct);
        var metadata = SignedIssuerMetadata.Verify(
            jwt, issuer.Url, TrustStore.FromPem(issuer.TrustPem, TrustPurpose.CredentialIssuer), DateTimeOffset.UtcNow, allowLoopbackHttp: true);
        Assert.Equal(StrictJson.ToText((await MetadataAsync(issuer)).ToJson()), StrictJson.ToText(metadata.ToJson()));
        Assert.Throws<MalformedDataException>(() => SignedIssuerMetadata.Verify(jwt, issuer.Url, TrustStore.Empty, DateTimeOffset.UtcNow, true));
    }
}
