using System.Net.Http.Headers;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.Trust;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>A wallet made of the core's own parts, which can also be told to misbehave.</summary>
public sealed class TestWallet(TestVerifier verifier)
{
    /// <summary>Follows a request link as a wallet does: fetch, verify, read.</summary>
    /// <param name="link">The link.</param>
    /// <param name="post">Whether the request is fetched by POST.</param>
    /// <param name="alter">Changes whom the wallet trusts.</param>
    public async Task<VerifiedRequest> ResolveAsync(string link, bool post = false, Func<RequestExpectations, RequestExpectations>? alter = null)
    {
        var request = RequestUri.Parse(link);
        var trust = TrustStore.FromPem(await File.ReadAllTextAsync(verifier.Host.Ready.Trust), TrustPurpose.Verifier);
        var nonce = post ? "wallet-nonce-0123456789" : null;
        var expected = new RequestExpectations(trust, verifier.Clock.Now) { WalletNonce = nonce, TransactionDataTypes = [new TransactionDataType("urn:test:payment", ["amount"], [])] };
        expected = alter?.Invoke(expected) ?? expected;
        if (request.Unsigned is { } unsigned)
            return RequestVerifier.VerifyUnsigned(unsigned, expected);
        using var response = await FetchAsync(request, post ? new RequestUriPost(nonce, null) : null);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/oauth-authz-req+jwt", response.Content.Headers.ContentType!.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return await RequestVerifier.VerifyAsync(text, request, expected, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> FetchAsync(RequestUri request, RequestUriPost? post = null)
    {
        var message = new HttpRequestMessage(post is null ? HttpMethod.Get : HttpMethod.Post, request.Location);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/oauth-authz-req+jwt"));
        if (post is not null)
            message.Content = new FormUrlEncodedContent(post.ToForm());
        return verifier.Http.SendAsync(message, TestContext.Current.CancellationToken);
    }

    /// <summary>A presentation of what the first credential query asks for, or of the given paths.</summary>
    public async Task<string> PresentAsync(IssuedTo held, AuthorizationRequest request, Func<KeyBinding, KeyBinding>? alter = null, params string[] paths)
    {
        var asked = paths.Length > 0 ? paths.Select(ClaimPath.ParseText) : request.DcqlQuery.Credentials[0].Claims?.Select(c => c.Path) ?? [];
        var binding = new KeyBinding(request.ClientId.Full, request.Nonce, verifier.Clock.Now) { TransactionData = [.. request.TransactionData.Select(t => t.Encoded)] };
        return await SdJwtPresenter.PresentAsync(SdJwtCredential.Parse(held.Credential), asked, alter?.Invoke(binding) ?? binding, held.HolderKey);
    }

    /// <summary>A device response of what the first query for an mdoc asks for, or of the given elements of the driving licence.</summary>
    public static async Task<string> PresentMdocAsync(HeldMdoc held, VerifiedRequest request, RequestBinding? binding = null, params string[] elements)
    {
        var asked = elements.Length > 0
            ? elements.Select(element => ClaimPath.Of(MdocNames.MdlNamespace, element))
            : request.Request.DcqlQuery.Credentials.First(c => c.Format == CredentialFormat.Mdoc).Claims!.Select(c => c.Path);
        return await MdocPresenter.PresentAsync(held.IssuerSigned, asked, (binding ?? request.Binding).Transcript, held.DeviceKey, TestContext.Current.CancellationToken);
    }

    public static VpToken Token(AuthorizationRequest request, params string[] presentations) => Token(request.DcqlQuery.Credentials[0].Id, presentations);

    public static VpToken Token(string queryId, params string[] presentations) =>
        VpToken.Create([KeyValuePair.Create(queryId, (IReadOnlyList<string>)presentations)]);

    /// <summary>The form of an answer, encrypted where the request wants it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FormAsync(VerifiedRequest request, AuthorizationResponse response) =>
        request.Encryption is { } encryption ? await encryption.EncryptAsync(response) : response.ToForm();

    public Task<HttpResponseMessage> AnswerAsync(VerifiedRequest request, params string[] presentations) =>
        AnswerAsync(request, Token(request.Request, presentations));

    public async Task<HttpResponseMessage> AnswerAsync(VerifiedRequest request, VpToken token) =>
        await SendAsync(request.Request, await FormAsync(request, AuthorizationResponse.Success(token, request.Request.State)));

    /// <summary>Answers the query for an mdoc.</summary>
    public Task<HttpResponseMessage> AnswerMdocAsync(VerifiedRequest request, string presentation) =>
        AnswerAsync(request, Token(request.Request.DcqlQuery.Credentials.First(c => c.Format == CredentialFormat.Mdoc).Id, presentation));

    public Task<HttpResponseMessage> SendAsync(AuthorizationRequest request, IEnumerable<KeyValuePair<string, string>> form) =>
        verifier.Http.PostAsync(request.ResponseUri, new StringContent(StrictForm.Encode(form), new MediaTypeHeaderValue("application/x-www-form-urlencoded")), TestContext.Current.CancellationToken);

    /// <summary>The whole good flow; returns the transaction and the answer of the response endpoint.</summary>
    public async Task<(Created Created, HttpResponseMessage Response)> PresentToAsync(Created created, IssuedTo held, bool post = false)
    {
        var request = await ResolveAsync(created.RequestUri, post);
        return (created, await AnswerAsync(request, await PresentAsync(held, request.Request)));
    }
}
