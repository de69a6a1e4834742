using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>Holder binding over HTTP: each case is the good presentation with one thing changed.</summary>
public sealed class KeyBindingTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    private static readonly Dictionary<string, (string Check, Action<Forgery> Spoil)> Cases = new()
    {
        ["absent"] = ("kb_signature", f => f.WithKeyBinding = false),
        ["no cnf"] = ("holder_key", f => f.Payload.Remove("cnf")),
        ["signed by another key"] = ("kb_signature", f => f.KbKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256)),
        ["cnf is a kid"] = ("holder_key", f => f.Payload["cnf"] = new JsonObject { ["kid"] = "1" }),
        ["cnf is a jku"] = ("holder_key", f => f.Payload["cnf"] = new JsonObject { ["jku"] = "https://attacker.example/keys" }),
        ["cnf is a thumbprint"] = ("holder_key", f => f.Payload["cnf"] = new JsonObject { ["x5t#S256"] = "AA" }),
        ["cnf has jwk and jkt"] = ("holder_key", f => f.Payload["cnf"]!["jkt"] = "AA"),
        ["cnf is empty"] = ("holder_key", f => f.Payload["cnf"] = new JsonObject()),
        ["cnf.jwk is symmetric"] = ("holder_key", f => f.Payload["cnf"] = new JsonObject { ["jwk"] = new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" } }),
        ["cnf.jwk has its private part"] = ("holder_key", f => f.Payload["cnf"] = new JsonObject { ["jwk"] = f.HolderKey.ExportPrivateJwk() }),
        ["aud of another verifier"] = ("kb_audience", f => f.KbPayload["aud"] = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk"),
        ["aud is a list"] = ("kb_audience", f => f.KbPayload["aud"] = new JsonArray(f.KbPayload["aud"]!.DeepClone())),
        ["aud without its prefix"] = ("kb_audience", f => f.KbPayload["aud"] = f.KbPayload["aud"]!.GetValue<string>().Split(':', 2)[1]),
        ["aud with another prefix"] = ("kb_audience", f => f.KbPayload["aud"] = "x509_san_dns:" + f.KbPayload["aud"]!.GetValue<string>().Split(':', 2)[1]),
        ["aud as an origin"] = ("kb_audience", f => f.KbPayload["aud"] = "origin:http://localhost"),
        ["nonce of another request"] = ("kb_nonce", f => f.KbPayload["nonce"] = "AAAAAAAAAAAAAAAAAAAAAA"),
        ["nonce missing"] = ("kb_nonce", f => f.KbPayload.Remove("nonce")),
        ["nonce is a number"] = ("kb_nonce", f => f.KbPayload["nonce"] = 1),
        ["signed a year ago"] = ("kb_time", f => f.KbPayload["iat"] = f.KbPayload["iat"]!.GetValue<long>() - 31_536_000),
        ["signed in a year"] = ("kb_time", f => f.KbPayload["iat"] = f.KbPayload["iat"]!.GetValue<long>() + 31_536_000),
        ["iat missing"] = ("kb_time", f => f.KbPayload.Remove("iat")),
        ["a second too old"] = ("kb_time", f => f.KbPayload["iat"] = f.KbPayload["iat"]!.GetValue<long>() - 301),
        ["a second too early"] = ("kb_time", f => f.KbPayload["iat"] = f.KbPayload["iat"]!.GetValue<long>() + 61),
        ["sd_hash wrong"] = ("kb_sd_hash", f => f.SdHash = _ => Forgery.Digest("something else")),
        ["sd_hash missing"] = ("kb_sd_hash", f => f.SdHash = _ => null),
        ["sd_hash of the JWT alone"] = ("kb_sd_hash", f => f.SdHash = t => Forgery.Digest(t.Split('~')[0])),
        ["disclosure removed after signing"] = ("kb_sd_hash", f =>
        {
            f.Disclose(Forgery.Disclosure("another-salt-of-length", "given_name", "길동"));
            f.AfterBinding = t => Without(t, f.Disclosures[1]);
        }
        ),
        ["disclosures reordered after signing"] = ("kb_sd_hash", f =>
        {
            f.Disclose(Forgery.Disclosure("another-salt-of-length", "given_name", "길동"));
            f.AfterBinding = t => t.Replace($"{f.Disclosures[0]}~{f.Disclosures[1]}", $"{f.Disclosures[1]}~{f.Disclosures[0]}", StringComparison.Ordinal);
        }
        ),
        ["typ missing"] = ("kb_signature", f => f.KbHeader.Remove("typ")),
        ["typ is JWT"] = ("kb_signature", f => f.KbHeader["typ"] = "JWT"),
        ["transaction data hashes nobody asked for"] = ("transaction_data", f => f.KbPayload["transaction_data_hashes"] = new JsonArray(Forgery.Digest("x"))),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    [Trait("Row", "KBJ-01")]
    [Trait("Row", "KBJ-03")]
    [Trait("Row", "KBJ-04")]
    [Trait("Row", "KBJ-05")]
    [Trait("Row", "KBJ-07")]
    [Trait("Row", "KBJ-08")]
    [Trait("Row", "KBJ-09")]
    [Trait("Row", "KBJ-10")]
    [Trait("Row", "KBJ-11")]
    [Trait("Row", "KBJ-13")]
    public async Task A_presentation_with_a_spoilt_binding_is_not_accepted(string name)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var (check, spoil) = Cases[name];

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, spoil));

        var report = await verifier.AssertNotAcceptedAsync(created, response);
        Assert.Contains(check, NotPassed(report));
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(60)]
    [Trait("Row", "KBJ-06")]
    [Trait("Row", "KBJ-09")]
    public async Task A_minimal_holder_key_and_a_signature_at_the_edge_of_the_window_are_accepted(int seconds)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(
            verifier, request.Request, f => f.KbPayload["iat"] = f.KbPayload["iat"]!.GetValue<long>() + seconds));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    [Trait("Row", "KBJ-13")]
    public async Task A_binding_with_a_mac_is_not_accepted()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var good = await Forgery.MakeAsync(verifier, request.Request);
        var at = good.LastIndexOf('~') + 1;
        var parts = good[at..].Split('.');
        var mac = $"{StrictBase64Url.Encode("""{"typ":"kb+jwt","alg":"HS256"}"""u8)}.{parts[1]}.{parts[2]}";

        using var response = await _wallet.AnswerAsync(request, good[..at] + mac);

        await verifier.AssertNotAcceptedAsync(created, response);
    }

    [Fact]
    [Trait("Row", "KBJ-02")]
    [Trait("Row", "KBJ-08")]
    [Trait("Row", "VPV-02")]
    public async Task A_presentation_made_for_one_request_is_refused_by_every_other()
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var first = await verifier.CreateAsync("over-19");
        var second = await verifier.CreateAsync("over-19");
        var firstRequest = await _wallet.ResolveAsync(first.RequestUri);
        var secondRequest = await _wallet.ResolveAsync(second.RequestUri);
        var presentation = await _wallet.PresentAsync(held, firstRequest.Request);

        using var replayed = await _wallet.AnswerAsync(secondRequest, presentation);
        using var genuine = await _wallet.AnswerAsync(firstRequest, presentation);

        await verifier.AssertNotAcceptedAsync(second, replayed, "kb_nonce", "binding.nonce");
        Assert.Equal(HttpStatusCode.OK, genuine.StatusCode);
    }

    [Fact]
    [Trait("Row", "KBJ-02")]
    public async Task A_presentation_whose_binding_was_stripped_is_not_accepted()
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var presentation = await _wallet.PresentAsync(held, request.Request);

        using var response = await _wallet.AnswerAsync(request, presentation[..(presentation.LastIndexOf('~') + 1)]);

        await verifier.AssertNotAcceptedAsync(created, response);
    }

    [Fact]
    [Trait("Row", "KBJ-12")]
    public async Task A_binding_of_one_credential_does_not_serve_another_of_the_same_holder()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        SoftwareSigningKey? holder = null;
        var first = await Forgery.MakeAsync(verifier, request.Request, f => holder = f.HolderKey);
        var second = await Forgery.MakeAsync(verifier, request.Request, f => f.Payload["cnf"] = new JsonObject { ["jwk"] = Jwk.Write(holder!.PublicKey) });

        using var response = await _wallet.AnswerAsync(request, second[..(second.LastIndexOf('~') + 1)] + first[(first.LastIndexOf('~') + 1)..]);

        await verifier.AssertNotAcceptedAsync(created, response, "kb_sd_hash", "binding.sd_hash");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("wrong")]
    [InlineData("extra")]
    [InlineData("other algorithm")]
    [InlineData("good")]
    [Trait("Row", "KBJ-14")]
    public async Task Transaction_data_must_be_confirmed_exactly(string kind)
    {
        var created = await verifier.CreateAsync("over-19", body => body["transaction_data"] = new JsonArray(
            new JsonObject { ["type"] = "urn:test:payment", ["credential_ids"] = new JsonArray("licence"), ["amount"] = "10000" }));
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var right = Forgery.Digest(request.Request.TransactionData[0].Encoded);
        JsonArray? hashes = kind switch
        {
            "missing" => null,
            "wrong" => [Forgery.Digest("another transaction")],
            "extra" => [right, Forgery.Digest("another transaction")],
            "other algorithm" => [StrictBase64Url.Encode(System.Security.Cryptography.SHA512.HashData(System.Text.Encoding.ASCII.GetBytes(request.Request.TransactionData[0].Encoded)))],
            _ => [right],
        };

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, f =>
        {
            if (hashes is not null)
                f.KbPayload["transaction_data_hashes"] = hashes;
        }));

        if (kind == "good")
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            await verifier.AssertNotAcceptedAsync(created, response, "transaction_data", "binding.transaction_data");
    }

    internal static IEnumerable<string> NotPassed(System.Text.Json.JsonElement report) =>
        report.GetProperty("parts").EnumerateArray().SelectMany(p => p.GetProperty("checks").EnumerateArray())
            .Where(c => c.GetProperty("outcome").GetString() is not ("passed" or "not_applicable"))
            .Select(c => c.GetProperty("id").GetString()!);

    private static string Without(string text, string disclosure) => text.Replace($"{disclosure}~", "", StringComparison.Ordinal);
}
