using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using ModelContextProtocol.Protocol;

namespace Credentials.EndToEnd.Tests;

/// <summary>
/// Documents for which the person signs in at the issuer, at the wish of an assistant: the person is led there past the model, which hears what
/// came of it and nothing else.
/// </summary>
public sealed partial class AssistantSignInTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _browser = new();
    private readonly List<ElicitRequestParams> _questions = [];
    private SignInIssuer _issuer = null!;
    private AssistantClient _assistant = null!;

    /// <summary>What the person does with the link.</summary>
    private Func<Uri, CancellationToken, Task<ElicitResult>> _onLink = (_, _) => throw new InvalidOperationException();
    private string _codeOfReturn = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Home => _folder.Combine("home");

    public async ValueTask InitializeAsync()
    {
        _issuer = await SignInIssuer.StartAsync(_folder.Combine("issuer"));
        // Trust is given once, by the person, outside of the assistant: with an offer that is turned down at the issuer.
        var receiving = CliProgram.Start("wallet", "receive", await _issuer.OfferAsync(), "--home", Home, "--trust-issuer", _issuer.TrustPath, "--yes");
        await using (receiving)
        {
            var link = await receiving.WaitForErrorAsync(line => line.StartsWith("http", StringComparison.Ordinal), Token);
            await _browser.GetAsync(await SignInVisitor.VisitAsync(new Uri(link), SignInIssuer.Person, agrees: false, Token), Token);
            Assert.Equal(1, await receiving.WaitForExitAsync(Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_assistant is not null) await _assistant.DisposeAsync();
        _browser.Dispose();
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_person_is_led_to_the_issuer_past_the_model_and_the_document_comes(bool opensAddresses)
    {
        await StartAsync(opensAddresses);
        _onLink = async (link, _) =>
        {
            var back = await SignInVisitor.VisitAsync(link, SignInIssuer.Person, agrees: true, Token);
            // Somebody else's answer is turned away, and does not end the waiting.
            using var stranger = await _browser.GetAsync(new Uri(back, "/authorized?code=stolen&state=guess"), Token);
            Assert.Equal(HttpStatusCode.BadRequest, stranger.StatusCode);
            _codeOfReturn = Code().Match(back.Query).Groups[1].Value;
            using var returned = await _browser.GetAsync(back, Token);
            Assert.Equal(HttpStatusCode.OK, returned.StatusCode);
            return AssistantClient.Answer(true);
        };
        var received = await ReceiveAsync();
        var document = received.RequireArray("documents")[0];
        Assert.Equal(JsonValueKind.Null, document.GetProperty("code").ValueKind);
        Assert.Equal(1, (await _assistant.CallAsync("list_documents")).GetProperty("documents").GetArrayLength());

        Assert.Equal(2, _questions.Count);
        Assert.Contains("You will sign in and agree on a page of the issuer's next.", _questions[0].Message, StringComparison.Ordinal);
        Assert.Equal(opensAddresses ? "url" : "form", _questions[1].Mode ?? "form");
        if (opensAddresses) Assert.DoesNotContain("http", _questions[1].Message, StringComparison.Ordinal); // the protocol's rule: in its own field alone
        Assert.NotEmpty(_codeOfReturn);
        foreach (var hidden in (string[])[_codeOfReturn, "request_uri", "authorized", SignInIssuer.Secret])
            Assert.All(_assistant.Seen, text => Assert.DoesNotContain(hidden, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_application_begins_at_the_issuer_without_an_offer_and_names_one_document()
    {
        await _issuer.OfferAsync(); // prepared for this person, who was never given the link
        await StartAsync(opensAddresses: true);
        _onLink = async (link, _) =>
        {
            using var returned = await _browser.GetAsync(await SignInVisitor.VisitAsync(link, SignInIssuer.Person, agrees: true, Token), Token);
            return AssistantClient.Answer(true);
        };
        var issuer = await _assistant.CallAsync("examine_issuer", ("issuer", _issuer.Url));
        Assert.True(issuer.GetProperty("needs_sign_in").GetBoolean());
        Assert.Contains("resident_sd_jwt", issuer.RequireArray("documents").EnumerateArray().Select(document => document.RequireString("configuration_id")));
        var id = ("offer_id", issuer.RequireString("offer_id"));
        Assert.Equal("assistant.choose_document", (await _assistant.CallAsync("accept_offer", id)).RequireString("error"));
        Assert.Equal("assistant.not_found", (await _assistant.CallAsync("accept_offer", id, ("configuration_id", "passport"))).RequireString("error"));
        Assert.Empty(_questions);

        var received = await _assistant.CallAsync("accept_offer", id, ("configuration_id", "resident_sd_jwt"));
        Assert.Equal("resident_sd_jwt", Assert.Single(received.RequireArray("documents").EnumerateArray()).RequireString("configuration_id"));
        Assert.Equal(1, (await _assistant.CallAsync("list_documents")).GetProperty("documents").GetArrayLength());
        Assert.Equal("vci.issuer_metadata", (await _assistant.CallAsync("examine_issuer", ("issuer", "not an address"))).RequireString("error"));
    }

    [Fact]
    public async Task Who_says_no_at_the_question_the_link_or_the_issuer_gets_nothing_and_the_model_hears_which()
    {
        await StartAsync(opensAddresses: true, confirms: false);
        Assert.Equal("assistant.not_confirmed", (await ReceiveAsync()).RequireString("error"));
        Assert.Single(_questions); // no link was made

        await StartAsync(opensAddresses: true);
        _onLink = (_, _) => Task.FromResult(AssistantClient.Decline);
        Assert.Equal("assistant.not_confirmed", (await ReceiveAsync()).RequireString("error"));

        Uri? back = null;
        _onLink = async (link, _) =>
        {
            back = await SignInVisitor.VisitAsync(link, SignInIssuer.Person, agrees: false, Token);
            using var returned = await _browser.GetAsync(back, Token);
            Assert.Equal(HttpStatusCode.BadRequest, returned.StatusCode);
            return AssistantClient.Answer(true);
        };
        Assert.Equal("wallet.authorization_refused", (await ReceiveAsync()).RequireString("error"));
        Assert.Contains("error=access_denied", back!.Query, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => _browser.GetAsync(back, Token)); // nobody listens there any more
        Assert.Equal(0, (await _assistant.CallAsync("list_documents")).GetProperty("documents").GetArrayLength());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_person_is_waited_for_no_longer_than_was_said(bool comesLate)
    {
        await StartAsync(opensAddresses: true, confirms: true, "--wait-seconds", "3");
        _onLink = async (link, _) =>
        {
            if (!comesLate) return AssistantClient.Answer(true);
            var back = await SignInVisitor.VisitAsync(link, SignInIssuer.Person, agrees: true, Token);
            while (await IsListeningAsync(new Uri(back, "/"))) await Task.Delay(50, Token);
            await Assert.ThrowsAsync<HttpRequestException>(() => _browser.GetAsync(back, Token));
            return AssistantClient.Answer(true);
        };
        Assert.Equal("assistant.sign_in_timeout", (await ReceiveAsync()).RequireString("error"));
        Assert.Equal(0, (await _assistant.CallAsync("list_documents")).GetProperty("documents").GetArrayLength());
    }

    private async Task<bool> IsListeningAsync(Uri address)
    {
        try
        {
            using var answer = await _browser.GetAsync(address, Token);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task StartAsync(bool opensAddresses, bool confirms = true, params string[] options)
    {
        if (_assistant is not null) await _assistant.DisposeAsync(); // a wallet is open in one process at a time
        _assistant = await AssistantClient.StartAsync(Home, AnswerAsync, opensAddresses, options);

        async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams question, CancellationToken cancelled)
        {
            _questions.Add(question);
            var link = question.Url ?? Link().Match(question.Message).Value;
            return link.Contains("/authorize?", StringComparison.Ordinal) ? await _onLink(new Uri(link), cancelled) : AssistantClient.Answer(confirms);
        }
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        var offer = await _assistant.CallAsync("examine_offer", ("link", await _issuer.OfferAsync()));
        Assert.True(offer.GetProperty("needs_sign_in").GetBoolean());
        return await _assistant.CallAsync("accept_offer", ("offer_id", offer.RequireString("offer_id")));
    }

    [GeneratedRegex(@"http://\S+/authorize\?\S+")]
    private static partial Regex Link();

    [GeneratedRegex("[?&]code=([^&]+)")]
    private static partial Regex Code();
}
