using Credentials.Codecs;
using Credentials.Issuer;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;

namespace Credentials.Interop.Tests;

/// <summary>Wallet attestations, their proofs of possession and key attestations made by npm's jose, against our issuer.</summary>
public class AttestationsOfOthersTests
{
    private const string Client = "401 invalid_client";
    private const string Challenge = "400 use_attestation_challenge";
    private const string Proof = "400 invalid_proof";

    private static readonly Dictionary<string, string> _expected = new()
    {
        ["attestation: typ"] = Client,
        ["attestation: alg none"] = Client,
        ["attestation: expired"] = Client,
        ["attestation: from the future"] = Client,
        ["attestation: no exp"] = Client,
        ["attestation: no cnf"] = Client,
        ["attestation: key of another instance"] = Client,
        ["attestation: untrusted chain"] = Client,
        ["attestation: another key under the chain"] = Client,
        ["attestation: no chain"] = Client,
        ["attestation: symmetric"] = Client,
        ["proof: typ"] = Client,
        ["proof: alg none"] = Client,
        ["proof: old"] = Client,
        ["proof: audience"] = Client,
        ["proof: two audiences"] = Client,
        ["proof: client"] = Client,
        ["proof: no jti"] = Client,
        ["proof: another key"] = Client,
        ["proof: no challenge"] = Challenge,
        ["proof: invented challenge"] = Challenge,
        ["proof: nonce as challenge"] = Challenge,
        ["proof: sent again"] = Challenge,
        ["proof: jti again"] = Challenge,
        ["proof: challenge again"] = Challenge,
        ["token"] = "200 ok",
        ["keys: no nonce"] = Proof,
        ["keys: invented nonce"] = "400 invalid_nonce",
        ["keys: none attested"] = Proof,
        ["keys in proof: no nonce"] = Proof,
        ["keys in proof: invented nonce"] = "400 invalid_nonce",
        ["keys in proof: another key"] = Proof,
        ["keys in proof: no exp"] = Proof,
        ["credential"] = "200 ok",
        ["credentials for the attested keys"] = "true",
    };

    [Fact]
    public async Task Attestations_of_jose_are_taken_and_each_that_is_wrong_is_refused_with_its_error()
    {
        NodeScript.SkipWhenMissing();
        using var folder = new TempFolder();
        var (trusted, other) = (folder.Combine("trusted"), folder.Combine("other"));
        foreach (var pki in new[] { trusted, other })
            (await CliProgram.RunAsync("pki", "new", "--out", pki)).Succeeded();
        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("issuer"), options =>
        {
            options.WalletProviderTrust = options.KeyAttesterTrust = Path.Combine(trusted, "root.pem");
            options.RequireWalletAttestation = true;
            options.KeyAttestations["mdl_sd_jwt"] = new KeyAttestationLevels { KeyStorage = ["iso_18045_high"] };
        });
        var made = await issuer.OfferAsync("""
            {"mdl_sd_jwt":{"family_name":"Hong","given_name":"Gildong","birth_date":"1990-03-01","document_number":"1","issue_date":"2025-01-01","expiry_date":"2035-01-01",
             "issuing_country":"KR","driving_privileges":[{"vehicle_category_code":"B","issue_date":"2025-01-01","expiry_date":"2035-01-01"}]}}
            """, "mdl_sd_jwt");
        var code = CredentialOffer.Parse(made.RequireObjectMember("offer"), allowLoopbackHttp: true).PreAuthorized!.Code;
        var run = await NodeScript.RunAsync(
            "scripts/attestations.mjs", ["--issuer", issuer.Url, "--code", code, "--trusted", trusted, "--other", other], cancellationToken: TestContext.Current.CancellationToken);
        var told = StrictJson.Parse(run.Stdout);
        Assert.True(told.OptionalBoolean("ok"), run.Stdout + run.Stderr);
        var answers = told.GetProperty("result").EnumerateObject().ToDictionary(answer => answer.Name, answer => answer.Value.GetString());
        var expected = new Dictionary<string, string>(_expected);
        foreach (var name in new[] { "typ", "alg none", "expired", "from the future", "untrusted chain", "another key under the chain", "no chain", "low storage", "no storage", "no keys", "a key twice" })
        {
            expected[$"keys: {name}"] = Proof;
            expected[$"keys in proof: {name}"] = Proof;
        }

        Assert.Equal(expected.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"), answers.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"));
    }
}
