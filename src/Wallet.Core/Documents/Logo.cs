using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Wallet.Core.Documents;

/// <summary>A logo, or a picture behind a card, that came with a document and is kept in the wallet; <see cref="CredentialWallet.FindLogoAsync"/> gives the picture.</summary>
/// <param name="Id">Its id inside the wallet. Documents that came with the same picture have the same.</param>
/// <param name="Texts">The issuer's alternative text, to be read out in its place; none in any language where the issuer gave none.</param>
public sealed record Logo(string Id, DisplayNames Texts)
{
    /// <summary>Adds it to a document's record; nothing where there is none.</summary>
    internal static void AddTo(JsonObject stored, string name, Logo? logo)
    {
        if (logo is null) return;
        stored[name] = logo.Id;
        stored[name + "_texts"] = logo.Texts.ToStored();
    }

    internal static Logo? FromStored(JsonElement body, string name) => body.OptionalString(name, WalletCodes.StoreCorrupt) is { } id
        ? new Logo(id, DisplayNames.FromStored(body.RequireObjectMember(name + "_texts", WalletCodes.StoreCorrupt)))
        : null;
}
