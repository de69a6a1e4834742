using Credentials.Issuer.Http;
using Credentials.Keys.Pkcs11;

namespace Credentials.Issuer;

/// <summary>The token that new signing keys are made in (<c>Issuer__Pkcs11__Module</c> and so on); none where <see cref="Module"/> is null.</summary>
public sealed class Pkcs11Settings
{
    /// <summary>The file of the PKCS #11 library.</summary>
    public string? Module { get; set; }

    /// <summary>The label of the token. 1 to 32 bytes.</summary>
    public string TokenLabel { get; set; } = "";

    /// <summary>A file whose first line is the user's PIN. It is read at each log-in.</summary>
    public string? PinFile { get; set; }

    /// <summary>The PIN itself, where there is no file.</summary>
    public string? Pin { get; set; }

    /// <summary>How many sessions use the token at once. 1 to 64.</summary>
    public int Sessions { get; set; } = 8;

    /// <summary>How long a signature may take, waiting for a session included. 100 milliseconds to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The settings that the service has, for the operator's commands beside it.</summary>
    public static Pkcs11Settings FromEnvironment() =>
        new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection("Issuer:Pkcs11").Get<Pkcs11Settings>() ?? new();

    /// <summary>The token; null: there is none. Nothing is asked of it yet.</summary>
    /// <exception cref="IssuerStartException">A setting is wrong.</exception>
    internal Pkcs11Token? Open()
    {
        if (Module is null)
            return null;
        if (Faults().FirstOrDefault() is { } fault)
            throw new IssuerStartException(fault);
        return new Pkcs11Token(new Pkcs11Options { ModulePath = Path.GetFullPath(Module), TokenLabel = TokenLabel, Pin = ReadPin, MaxSessions = Sessions, Timeout = Timeout });
    }

    /// <summary>What is wrong with them, for people.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Module is null)
            yield break;
        if (!File.Exists(Module))
            yield return "Pkcs11.Module is not there.";
        if (System.Text.Encoding.UTF8.GetByteCount(TokenLabel) is 0 or > 32)
            yield return "Pkcs11.TokenLabel must be 1 to 32 bytes.";
        if ((PinFile is null) == (Pin is null))
            yield return "Pkcs11 needs either PinFile or Pin.";
        if (Sessions is < 1 or > 64)
            yield return "Pkcs11.Sessions must be 1 to 64.";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1))
            yield return "Pkcs11.Timeout must be 100 milliseconds to 1 minute.";
    }

    private string? ReadPin()
    {
        if (PinFile is null)
            return Pin;
        try
        {
            return File.ReadLines(PinFile).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
