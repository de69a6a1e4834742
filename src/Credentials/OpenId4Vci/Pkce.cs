using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>Proof Key for Code Exchange with <c>S256</c>, the only method in use here (RFC 7636; FAPI 2.0 §5.3.2.2).</summary>
public static class Pkce
{
    /// <summary>Name of the method.</summary>
    public const string Method = "S256";

    /// <summary>A fresh <c>code_verifier</c> of 256 bits: a secret (RFC 7636 §4.1).</summary>
    public static string CreateVerifier() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>The <c>code_challenge</c> of a verifier (RFC 7636 §4.2).</summary>
    public static string ChallengeFor(string verifier) => StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>True for 43 to 128 unreserved characters (RFC 7636 §4.1).</summary>
    public static bool IsVerifier(string text) => text.Length is >= 43 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    /// <summary>True for what <see cref="ChallengeFor"/> gives: 43 characters of base64url.</summary>
    public static bool IsChallenge(string text) => text.Length == 43 && StrictBase64Url.TryDecode(text, out _);

    /// <summary>Whether the verifier is the one of the challenge; in constant time (RFC 7636 §4.6).</summary>
    public static bool Verify(string verifier, string challenge) =>
        IsVerifier(verifier) && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ChallengeFor(verifier)), Encoding.UTF8.GetBytes(challenge));
}
