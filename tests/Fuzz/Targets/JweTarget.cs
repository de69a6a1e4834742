using System.Text;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.Jose;
using Credentials.Keys.Software;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A compact JWE, up to its decryption: only what was encrypted comes out.</summary>
internal sealed class JweTarget : FuzzTarget
{
    private const string Plaintext = "what was encrypted";

    private readonly SoftwareKeyAgreementKey _key = SoftwareKeyAgreementKey.Generate();
    private int _decrypted;

    public override string Name => "jwe";

    public override InputShape Shape => InputShape.Compact;

    public override IEnumerable<byte[]> Seeds(Vectors vectors)
    {
        foreach (var encryption in JweEncryption.All)
            yield return Encoding.ASCII.GetBytes(Jwe.EncryptAsync(Encoding.UTF8.GetBytes(Plaintext), _key.PublicKey, encryption, "k").AsTask().Result);
        foreach (var token in vectors.Texts("jwe", "jwe.decrypt")) yield return token;
    }

    protected override object Read(byte[] input)
    {
        var jwe = CompactJwe.Parse(Encoding.Latin1.GetString(input));
        _ = jwe.KeyId;
        return jwe;
    }

    protected override void Check(byte[] input, object value)
    {
        // The key agreement costs a thousand times what reading costs.
        if (_decrypted++ % 16 != 0) return;
        try
        {
            var plaintext = Jwe.DecryptAsync((CompactJwe)value, _key, JweEncryption.All).AsTask().GetAwaiter().GetResult();
            Require(Encoding.UTF8.GetString(plaintext) == Plaintext, "Something else comes out than what was encrypted.");
        }
        catch (MalformedDataException)
        {
        }
    }
}
