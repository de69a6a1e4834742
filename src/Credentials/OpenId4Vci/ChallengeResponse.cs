using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>The answer of the challenge endpoint (attestation-based client authentication -07 §8).</summary>
/// <param name="Challenge">What goes into the next proof of possession.</param>
public sealed record ChallengeResponse(string Challenge)
{
    private const string Code = OpenId4VciCodes.WalletAttestationChallenge;

    /// <summary>Reads an answer; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">No usable challenge in it.</exception>
    public static ChallengeResponse Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var challenge = json.RequireText("attestation_challenge", Code);
        return challenge.Length <= 4096 ? new ChallengeResponse(challenge) : throw new MalformedDataException(Code, "'attestation_challenge' is too long.");
    }

    /// <summary>Writes the answer.</summary>
    public JsonObject ToJson() => new() { ["attestation_challenge"] = Challenge };
}
