namespace Credentials.Verifier.Http;

/// <summary>An address that a relying party names: absolute https without user and fragment; plain http for this machine only, where allowed.</summary>
internal static class PartyUrl
{
    /// <summary>Null for anything else.</summary>
    public static Uri? Read(string text, bool allowLoopbackHttp) =>
        text.Length <= 2048 && text.All(c => c is > ' ' and <= '~') && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.UserInfo == "" && uri.Fragment == ""
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && allowLoopbackHttp && OptionsCheck.IsLoopback(uri)))
            ? uri
            : null;
}
