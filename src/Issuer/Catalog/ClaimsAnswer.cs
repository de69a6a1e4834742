using System.Text.Json.Nodes;

namespace Credentials.Issuer.Catalog;

/// <summary>What a claims source answers about a person it knows: the claims, or that it needs time.</summary>
/// <param name="Claims">The claims; null: later.</param>
/// <param name="Later">After how long to ask again, if the source says so.</param>
internal sealed record ClaimsAnswer(JsonObject? Claims, TimeSpan? Later = null);
