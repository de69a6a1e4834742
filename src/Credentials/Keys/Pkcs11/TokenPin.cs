using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Credentials.Keys.Pkcs11;

/// <summary>
/// The PIN of a token's user. A wrong one is tried once, by one session: the token would lock itself after a few. Nor is the last try used up,
/// as a service would that is started again and again with a wrong one.
/// </summary>
internal sealed class TokenPin(Func<string?> ask)
{
    private readonly Lock _gate = new();
    private string? _refused;

    /// <summary>The PIN as it is now.</summary>
    /// <exception cref="KeyUnavailableException"><c>key.token_pin</c>: there is none.</exception>
    internal string Read() => ask() is { Length: > 0 } pin ? pin : throw new KeyUnavailableException(KeyCodes.TokenPin, "There is no PIN for the token.");

    /// <exception cref="KeyUnavailableException"><c>key.token_pin</c>: the token refused it before, or has one try left; <c>key.token_pin_locked</c>.</exception>
    internal void LogIn(string pin, ulong flags, CryptokiModule module, CULong session)
    {
        RequireTries(flags);
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

    internal static void RequireTries(ulong flags)
    {
        if ((flags & CryptokiNumbers.CkfUserPinLocked) != 0) throw new KeyUnavailableException(KeyCodes.TokenPinLocked, "The PIN of the token is locked.");
        if ((flags & CryptokiNumbers.CkfUserPinFinalTry) != 0)
            throw new KeyUnavailableException(KeyCodes.TokenPin, "One more wrong PIN would lock the token: log in by its own tool first.");
    }
}
