using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;

namespace Credentials.Load;

/// <summary>An agency and its wallets: offers are made and taken up, tables of people become credentials.</summary>
internal sealed class IssuerLoad(ServiceClient issuer)
{
    private const string Type = "mdl_sd_jwt";

    // A wallet's keys are made long before it stands at the counter.
    private readonly SoftwareSigningKey[] _keys = [.. Enumerable.Range(0, 256).Select(_ => SoftwareSigningKey.Generate(SignatureAlgorithm.Es256))];
    private int _next;

    internal IReadOnlyList<Scenario> Scenarios =>
    [
        new("issuance: offer, token, nonce, credential", "issuances", 1, "≥ 150/s, p99 ≤ 400 ms", _ => IssueAsync(1)),
        new("issuance of 20 credentials in one request", "credentials", 20, "≥ 600/s", _ => IssueAsync(20)),
    ];

    /// <summary>One credential and the key that it is bound to.</summary>
    internal async Task<(string Credential, SoftwareSigningKey Key)> GetOneAsync()
    {
        var (credentials, keys) = await IssueAsync(1);
        return (credentials[0], keys[0]);
    }

    /// <summary>A table of people and their keys, from the upload to the last credential: credentials per second.</summary>
    internal async Task<double> MeasureBulkAsync(int rows)
    {
        var table = new StringBuilder("@holder_key,@subject,family_name,given_name,birth_date,document_number,issue_date,expiry_date,issuing_country,driving_privileges\n");
        for (var n = 0; n < rows; n++)
        {
            var key = StrictJson.ToText(Jwk.Write(_keys[n % _keys.Length].PublicKey)).Replace("\"", "\"\"", StringComparison.Ordinal);
            table.Append(CultureInfo.InvariantCulture, $"\"{key}\",load-{n},홍,길동,1990-02-03,D-{n},2026-01-02,2036-01-01,KR,\"[{{\"\"vehicle_category_code\"\":\"\"B\"\"}}]\"\n");
        }

        var id = "load-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await issuer.PostTextAsync($"/agency/v1/batches?id={id}&type={Type}&mode=credentials", table.ToString(), "text/csv");
        JsonElement batch;
        do
        {
            await Task.Delay(50);
            batch = await issuer.GetAsync($"/agency/v1/batches/{id}");
        }
        while (batch.RequireString("state") is "running" or "uploading");
        return batch.RequireIndex("done") == rows ? rows / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"The batch ended with {batch}.");
    }

    /// <summary>
    /// Revokes some of the credentials of <see cref="MeasureBulkAsync"/> one after another: milliseconds until every replica serves the list
    /// that says so, half of the times less and the longest. Each signs a whole list anew, in all of its forms.
    /// </summary>
    internal async Task<(double Median, double Longest)> MeasureRevocationAsync(int times)
    {
        var taken = new List<double>();
        for (var n = 0; n < times; n++)
        {
            var found = await issuer.GetAsync($"/agency/v1/credentials?subject=load-{n}&state=valid");
            var id = found.RequireArray("credentials")[0].RequireString("id");
            var change = new JsonObject { ["status"] = "revoked", ["reason"] = "load" };
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await issuer.PostJsonAsync($"/agency/v1/credentials/{id}/status?wait=published", change, withKey: true);
            taken.Add(clock.Elapsed.TotalMilliseconds);
        }

        taken.Sort();
        return (taken[taken.Count / 2], taken[^1]);
    }

    private async Task<(IReadOnlyList<string> Credentials, IReadOnlyList<SoftwareSigningKey> Keys)> IssueAsync(int count)
    {
        var made = await issuer.PostJsonAsync("/agency/v1/offers", Offer(), withKey: true);
        var offer = CredentialOffer.Parse(made.RequireObjectMember("offer"), allowLoopbackHttp: true);
        var token = TokenResponse.Parse(await issuer.PostFormAsync("/token", new TokenRequest { PreAuthorizedCode = offer.PreAuthorized!.Code }.ToForm()));
        var nonce = NonceResponse.Parse(await issuer.PostAsync("/nonce")).CNonce;
        var first = (Interlocked.Add(ref _next, count) & int.MaxValue) % _keys.Length;
        var keys = Enumerable.Range(first, count).Select(n => _keys[n % _keys.Length]).ToList();
        var proofs = new List<string>();
        foreach (var key in keys)
            proofs.Add(await KeyProof.CreateAsync(key, offer.CredentialIssuer, nonce, null, DateTimeOffset.UtcNow));
        var request = new CredentialRequest { ConfigurationId = Type, JwtProofs = proofs };
        var response = CredentialResponse.Parse(await issuer.PostJsonAsync("/credential", request.ToJson(), withKey: false, token.AccessToken));
        return response.Credentials.Count == count ? (response.Credentials, keys) : throw new InvalidOperationException($"{response.Credentials.Count} credentials for {count} keys.");
    }

    private static JsonObject Offer() => new()
    {
        ["credential_configuration_ids"] = new JsonArray(Type),
        ["claims"] = new JsonObject
        {
            [Type] = new JsonObject
            {
                ["family_name"] = "홍",
                ["given_name"] = "길동",
                ["birth_date"] = "1990-02-03",
                ["document_number"] = "11-22-333333-44",
                ["issue_date"] = "2026-01-02",
                ["expiry_date"] = "2036-01-01",
                ["issuing_country"] = "KR",
                ["driving_privileges"] = new JsonArray(new JsonObject { ["vehicle_category_code"] = "B" }),
            },
        },
    };
}
