using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.Wallet.Core.Keys;

/// <summary>A reference to a key of the secure area in a record: its name there, and its public half.</summary>
internal static class StoredKey
{
    private const string Code = WalletCodes.StoreCorrupt;

    public static JsonObject Write(SecureAreaKey key) => new() { ["id"] = key.Id, ["jwk"] = Jwk.Write(key.PublicKey) };

    public static SecureAreaKey Read(JsonElement stored) =>
        new(stored.RequireString("id", Code), Jwk.ParsePublic(stored.RequireObjectMember("jwk", Code)));
}
