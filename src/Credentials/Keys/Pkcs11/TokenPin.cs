using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Credentials.Keys.Pkcs11;

/// <summary>The PIN of a token's user. A wrong one is tried once, by one session: the token would lock itself after a few.</summary>
internal sealed class TokenPin(Func<string?> ask)
{
    private readonly Lock _gate = new();
    private string? _refused;

    /// <summary>The PIN as it is now.</summary>
    /// <exception cref="KeyUnavailableException"><c>key.token_pin</c>: there is none.</exception>
    internal string Read() => ask() is { Length: > 0 } pin ? pin : throw new KeyUnavailableException(KeyCodes.TokenPin, "There is no PIN for the token.");

    /// <exception cref="KeyUnavailableException"><c>key.token_pin</c>: the token refused it before.</exception>
    internal void LogIn(string pin, CryptokiModule module, CULong session)
    {
        lock (_gate)
        {
            if (pin == _refused) throw new KeyUnavailableException(KeyCodes.TokenPin, "The token refused this PIN before.");
            var bytes = Encoding.UTF8.GetBytes(pin);
            try
            {
                module.Login(session, bytes);
            }
            catch (CryptokiException e) when (e.IsPinRefused)
            {
                _refused = pin;
                throw;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }
    }
}
