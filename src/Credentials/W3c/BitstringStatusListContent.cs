using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>What a status list credential says (Bitstring Status List §2.2, §3.1).</summary>
public sealed record BitstringStatusListContent
{
    /// <summary>The URL at which the list is published: <c>statusListCredential</c> of the entries that refer to it.</summary>
    public required string Id { get; init; }

    /// <summary>The issuer's identifier.</summary>
    public required string Issuer { get; init; }

    /// <summary>What the statuses are about; each entry that refers to the list has one of them.</summary>
    public required IReadOnlyList<string> Purposes { get; init; }

    /// <summary>The statuses.</summary>
    public required BitstringStatusList List { get; init; }

    /// <summary>When the list is issued, in whole seconds.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when it may be used; recommended.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>After how long a verifier should look for a newer one; in milliseconds on the wire.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// The unsecured credential, for <see cref="W3cIssuer"/>. Secure it in the way of the credentials that refer to it (§3.6), and publish it at
    /// <see cref="Id"/> under its media type, cached as <see cref="TimeToLive"/> says.
    /// </summary>
    public JsonObject ToCredential()
    {
        if (Purposes.Count == 0) throw new InvalidOperationException("A status list has a purpose.");
        var subject = new JsonObject
        {
            [W3cNames.Id] = $"{Id}#list",
            [W3cNames.Type] = W3cNames.StatusListType,
            [W3cNames.StatusPurpose] = Purposes.Count == 1 ? Purposes[0] : new JsonArray([.. Purposes.Select(purpose => (JsonNode)purpose)]),
            [W3cNames.EncodedList] = List.Encode(),
        };
        if (TimeToLive is { } ttl) subject[W3cNames.TimeToLive] = (long)ttl.TotalMilliseconds;
        var credential = new JsonObject
        {
            [W3cNames.Context] = new JsonArray(W3cNames.BaseContext),
            [W3cNames.Id] = Id,
            [W3cNames.Type] = new JsonArray(W3cNames.CredentialType, W3cNames.StatusListCredentialType),
            [W3cNames.Issuer] = Issuer,
            [W3cNames.ValidFrom] = DateTimeStamp.Write(ValidFrom),
            [W3cNames.Subject] = subject,
        };
        if (ValidUntil is { } end) credential[W3cNames.ValidUntil] = DateTimeStamp.Write(end);
        return credential;
    }
}
