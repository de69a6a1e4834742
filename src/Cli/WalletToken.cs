using System.Security.Cryptography;
using Credentials.Keys.Pkcs11;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Cli;

/// <summary>
/// The PKCS #11 token that holds the keys of this person's wallet, where the environment names one when the wallet is made. A file in the
/// home folder has the label of its keys, by which several wallets share a token.
/// </summary>
internal sealed class WalletToken : IDisposable
{
    internal const string ModuleVariable = "CREDENTIALS_PKCS11_MODULE";
    internal const string TokenVariable = "CREDENTIALS_PKCS11_TOKEN";
    internal const string PinFileVariable = "CREDENTIALS_PKCS11_PIN_FILE";
    internal const string LabelFile = "token-keys";

    private readonly Pkcs11Token _token;

    private WalletToken(Pkcs11Token token, string label) => (_token, Area) = (token, new Pkcs11SecureArea(token, label));

    internal ISecureArea Area { get; }

    /// <summary>The token of the wallet in a folder; null: its keys are in its file.</summary>
    internal static WalletToken? Find(string home, string walletFile)
    {
        var (module, labelFile) = (Environment.GetEnvironmentVariable(ModuleVariable), Path.Combine(home, LabelFile));
        if (string.IsNullOrEmpty(module))
        {
            return File.Exists(labelFile)
                ? throw CommandException.Usage("the keys of this wallet are in a token", $"set {ModuleVariable}, {TokenVariable} and {PinFileVariable}")
                : null;
        }

        if (!File.Exists(labelFile) && File.Exists(walletFile))
            throw CommandException.Usage("the keys of this wallet are in its file", $"unset {ModuleVariable}, or use another --home");
        var (label, pinFile) = (Environment.GetEnvironmentVariable(TokenVariable), Environment.GetEnvironmentVariable(PinFileVariable));
        if (string.IsNullOrEmpty(label) || System.Text.Encoding.UTF8.GetByteCount(label) > 32 || string.IsNullOrEmpty(pinFile))
            throw CommandException.Usage($"{ModuleVariable} needs {TokenVariable}, of at most 32 bytes, and {PinFileVariable}");
        if (!File.Exists(labelFile)) OutputFiles.WriteNewSecret(labelFile, "credentials-wallet-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) + "\n");
        var options = new Pkcs11Options { ModulePath = Path.GetFullPath(module), TokenLabel = label, Pin = () => ReadLine(pinFile) };
        return new WalletToken(new Pkcs11Token(options), ReadLine(labelFile) ?? throw CommandException.Usage($"{LabelFile} in the wallet's folder is damaged"));
    }

    public void Dispose() => _token.Dispose();

    private static string? ReadLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
