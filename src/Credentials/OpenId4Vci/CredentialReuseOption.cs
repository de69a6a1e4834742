using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>
/// One way in which an issuer lets a wallet use the credentials of a batch, of <c>credential_reuse_policy</c> (ETSI TS 119 472-3 §4.2.4.2;
/// the methods are those of ARF Annex 2, topic 10).
/// </summary>
/// <param name="Method">The method's name.</param>
/// <param name="BatchSize">How many credentials to ask for; null where the method has no batch.</param>
/// <param name="ReissueTriggerUnused">A new batch is to be asked for when this many unused credentials are left; null where that plays no part.</param>
/// <param name="ReissueTriggerLifetimeLeft">New credentials are to be asked for when they are valid for this long yet; null where that plays no part.</param>
public sealed record CredentialReuseOption(string Method, int? BatchSize, int? ReissueTriggerUnused, TimeSpan? ReissueTriggerLifetimeLeft)
{
    /// <summary>Each credential is presented once.</summary>
    public const string OnceOnly = "once_only";

    /// <summary>One credential, which does not live long, is presented to all.</summary>
    public const string LimitedTime = "limited_time";

    /// <summary>The credentials of a batch are presented in turn.</summary>
    public const string RotatingBatch = "rotating-batch";

    private const string ArfMethods = "arf_annex_ii";

    // A century of seconds: whatever an issuer writes, it can be calculated with.
    private const long MaxNumber = 3_155_760_000;

    /// <summary>Reads the policy in <c>credential_metadata</c>, the option that the issuer prefers first; none where it has none, or one of an unknown kind.</summary>
    /// <exception cref="MalformedDataException">A member has the wrong type or is beyond reason.</exception>
    internal static IReadOnlyList<CredentialReuseOption> ParseAll(JsonElement metadata, string code)
    {
        if (metadata.OptionalObject("credential_reuse_policy", code) is not { } policy || policy.OptionalString("id", code) != ArfMethods) return [];
        var options = new List<CredentialReuseOption>();
        foreach (var option in policy.OptionalArray("options", code)?.EnumerateArray().ToList() ?? [])
        {
            option.RequireObject(code);
            var (batch, unused, left) = (Number(option, "batch_size", code), Number(option, "reissue_trigger_unused", code), Number(option, "reissue_trigger_lifetime_left", code));
            options.AddRange(option.Texts("details", code).Select(method => new CredentialReuseOption(
                method, (int?)batch, (int?)unused, left is { } seconds ? TimeSpan.FromSeconds(seconds) : null)));
        }

        return options;
    }

    /// <summary>Writes the policy.</summary>
    internal static JsonObject Write(IEnumerable<CredentialReuseOption> options) => new()
    {
        ["id"] = ArfMethods,
        ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option.ToJson())]),
    };

    private JsonObject ToJson()
    {
        var json = new JsonObject { ["details"] = new JsonArray(Method) };
        if (BatchSize is { } batch) json["batch_size"] = batch;
        if (ReissueTriggerUnused is { } unused) json["reissue_trigger_unused"] = unused;
        if (ReissueTriggerLifetimeLeft is { } left) json["reissue_trigger_lifetime_left"] = (long)left.TotalSeconds;
        return json;
    }

    private static long? Number(JsonElement option, string name, string code) => option.OptionalIndex(name, code) switch
    {
        null => null,
        { } number when number <= (name == "reissue_trigger_lifetime_left" ? MaxNumber : int.MaxValue) => number,
        _ => throw new MalformedDataException(code, $"'{name}' is beyond reason."),
    };
}
