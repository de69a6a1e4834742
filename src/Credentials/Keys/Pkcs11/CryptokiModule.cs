using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using static Credentials.Keys.Pkcs11.CryptokiNumbers;

namespace Credentials.Keys.Pkcs11;

/// <summary>
/// A PKCS #11 library ("Cryptoki") in this process. It is initialised once for all who use it (§5.4 of the base specification allows no more),
/// and started anew where its tokens cannot be reached: while no call runs, and only if it was this class that initialised it.
/// </summary>
internal sealed unsafe class CryptokiModule
{
    private const int LabelLength = 32;
    // CK_TOKEN_INFO: label, manufacturer, model and serial number stand before them.
    private const int FlagsOffset = 32 + 32 + 16 + 16;
    private const int TokenInfoCapacity = 512;
    private const int MaxSlots = 1024;

    private static readonly TimeSpan s_restartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_quietWait = TimeSpan.FromMilliseconds(500);
    private static readonly Dictionary<string, CryptokiModule> s_loaded = new(StringComparer.Ordinal);

    private readonly ReaderWriterLockSlim _gate = new(LockRecursionPolicy.NoRecursion);
    private readonly nint* _functions;
    private bool _isReady;
    private bool _isOurs;
    private long _startedAt;

    private CryptokiModule(nint* functions) => _functions = functions;

    /// <summary>How often the library was started: handles of an earlier time mean nothing, or worse, something else.</summary>
    internal int Generation { get; private set; }

    /// <summary>Loads the library; the same one for all who name the same file.</summary>
    /// <exception cref="KeyUnavailableException"><c>key.token_unavailable</c>: there is no such library, or it is none of PKCS #11.</exception>
    internal static CryptokiModule Load(string path)
    {
        lock (s_loaded)
        {
            if (s_loaded.TryGetValue(path, out var known)) return known;
            if (!NativeLibrary.TryLoad(path, out var handle) || !NativeLibrary.TryGetExport(handle, "C_GetFunctionList", out var export))
                throw new KeyUnavailableException(KeyCodes.TokenUnavailable, "The PKCS #11 library cannot be loaded.");
            byte* list;
            var result = ((delegate* unmanaged[Cdecl]<byte**, CULong>)export)(&list);
            if (result.Value != CkrOk) throw new CryptokiException("C_GetFunctionList", result.Value).ToKeyUnavailable();
            // CK_FUNCTION_LIST begins with a version of two bytes; what follows is aligned, except on Windows.
            return s_loaded[path] = new CryptokiModule((nint*)(list + (OperatingSystem.IsWindows() ? 2 : sizeof(nint))));
        }
    }

    /// <summary>Runs calls while the library is initialised and stays so.</summary>
    internal T Use<T>(Func<T> calls)
    {
        Start();
        _gate.EnterReadLock();
        try
        {
            return calls();
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Finalises and initialises the library, unless somebody was faster, another is calling it, or it was done just now.</summary>
    /// <param name="generation">The one in which it did not work.</param>
    /// <param name="isFinalised">Whether somebody else in this process has finalised it.</param>
    /// <returns>Whether it is worth trying again.</returns>
    internal bool Restart(int generation, bool isFinalised)
    {
        if (!_gate.TryEnterWriteLock(s_quietWait)) return false;
        try
        {
            if (Generation != generation || !_isReady) return true;
            if (!isFinalised && Generation > 1 && Stopwatch.GetElapsedTime(_startedAt) < s_restartPause) return false;
            if (!isFinalised && _isOurs) ((delegate* unmanaged[Cdecl]<void*, CULong>)_functions[1])(null);
            _isReady = false;
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>The slot of the token with this label, and the token's flags.</summary>
    internal (CULong Slot, ulong Flags) FindSlot(string label)
    {
        // The call that only counts is the one at which a library looks for tokens anew (§5.5).
        CULong count;
        Check(GetSlotList(null, &count), "C_GetSlotList");
        if (count.Value > MaxSlots) throw new CryptokiException("C_GetSlotList", CkrGeneralError);
        var slots = new CULong[(int)count.Value];
        fixed (CULong* first = slots) Check(GetSlotList(first, &count), "C_GetSlotList");
        Span<byte> wanted = stackalloc byte[LabelLength];
        wanted.Fill((byte)' ');
        Encoding.UTF8.GetBytes(label, wanted);
        var found = new List<(CULong, ulong)>();
        var info = stackalloc byte[TokenInfoCapacity];
        foreach (var slot in slots.AsSpan(0, (int)Math.Min(count.Value, (nuint)slots.Length)))
        {
            if (((delegate* unmanaged[Cdecl]<CULong, byte*, CULong>)_functions[6])(slot, info).Value == CkrOk && new Span<byte>(info, LabelLength).SequenceEqual(wanted))
                found.Add((slot, CryptokiTemplate.ReadUlong(new ReadOnlySpan<byte>(info + FlagsOffset, CryptokiTemplate.UlongSize))));
        }

        // Which of two tokens it is cannot be guessed.
        return found.Count == 1 ? found[0] : throw new CryptokiException("C_GetTokenInfo", CkrTokenNotPresent);
    }

    internal CULong OpenSession(CULong slot)
    {
        CULong session;
        Check(
            ((delegate* unmanaged[Cdecl]<CULong, CULong, void*, void*, CULong*, CULong>)_functions[12])(slot, new CULong(CkfSerialSession | CkfRwSession), null, null, &session),
            "C_OpenSession");
        return session;
    }

    internal void CloseSession(CULong session) => ((delegate* unmanaged[Cdecl]<CULong, CULong>)_functions[13])(session);

    /// <summary>Logs the application in, which holds for all its sessions; nothing happens when it is.</summary>
    internal void Login(CULong session, ReadOnlySpan<byte> pin)
    {
        CULong result;
        fixed (byte* first = pin)
            result = ((delegate* unmanaged[Cdecl]<CULong, CULong, byte*, CULong, CULong>)_functions[18])(session, new CULong(CkuUser), first, new CULong((uint)pin.Length));
        if (result.Value != CkrUserAlreadyLoggedIn) Check(result, "C_Login");
    }

    internal void DestroyObject(CULong session, CULong key) =>
        Check(((delegate* unmanaged[Cdecl]<CULong, CULong, CULong>)_functions[22])(session, key), "C_DestroyObject");

    /// <summary>Fills in the template; attributes that the object does not have or does not tell stay out.</summary>
    internal void GetAttributes(CULong session, CULong key, CryptokiTemplate template)
    {
        var result = ((delegate* unmanaged[Cdecl]<CULong, CULong, void*, CULong, CULong>)_functions[24])(session, key, template.Pointer, template.Count);
        // CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL: the others are filled in all the same (§5.7).
        if (result.Value is not (0x11 or 0x12 or 0x150)) Check(result, "C_GetAttributeValue");
    }

    internal IReadOnlyList<CULong> FindObjects(CULong session, CryptokiTemplate template)
    {
        const int Chunk = 256;
        Check(((delegate* unmanaged[Cdecl]<CULong, void*, CULong, CULong>)_functions[26])(session, template.Pointer, template.Count), "C_FindObjectsInit");
        try
        {
            var (all, some) = (new List<CULong>(), new CULong[Chunk]);
            while (true)
            {
                CULong count;
                fixed (CULong* first = some)
                    Check(((delegate* unmanaged[Cdecl]<CULong, CULong*, CULong, CULong*, CULong>)_functions[27])(session, first, new CULong(Chunk), &count), "C_FindObjects");
                if (count.Value == 0 || count.Value > Chunk) return all;
                all.AddRange(some.AsSpan(0, (int)count.Value));
            }
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<CULong, CULong>)_functions[28])(session);
        }
    }

    internal byte[] Sign(CULong session, uint mechanism, CULong key, ReadOnlySpan<byte> data, int signatureLength)
    {
        var chosen = stackalloc byte[64];
        WriteMechanism(chosen, mechanism);
        Check(((delegate* unmanaged[Cdecl]<CULong, byte*, CULong, CULong>)_functions[42])(session, chosen, key), "C_SignInit");
        var signature = new byte[signatureLength];
        var length = new CULong((uint)signatureLength);
        fixed (byte* input = data, output = signature)
            Check(((delegate* unmanaged[Cdecl]<CULong, byte*, CULong, byte*, CULong*, CULong>)_functions[43])(session, input, new CULong((uint)data.Length), output, &length), "C_Sign");
        return length.Value == (nuint)signatureLength ? signature : throw new CryptokiException("C_Sign", CkrGeneralError);
    }

    internal (CULong PublicKey, CULong PrivateKey) GenerateKeyPair(CULong session, uint mechanism, CryptokiTemplate publicKey, CryptokiTemplate privateKey)
    {
        var chosen = stackalloc byte[64];
        WriteMechanism(chosen, mechanism);
        CULong madePublic, madePrivate;
        Check(
            ((delegate* unmanaged[Cdecl]<CULong, byte*, void*, CULong, void*, CULong, CULong*, CULong*, CULong>)_functions[59])(
                session, chosen, publicKey.Pointer, publicKey.Count, privateKey.Pointer, privateKey.Count, &madePublic, &madePrivate),
            "C_GenerateKeyPair");
        return (madePublic, madePrivate);
    }

    private void Start()
    {
        if (Volatile.Read(ref _isReady)) return;
        _gate.EnterWriteLock();
        try
        {
            if (_isReady) return;
            // CK_C_INITIALIZE_ARGS: four functions for locks, which it may take from the system instead, then the flag that says so.
            var arguments = stackalloc byte[64];
            new Span<byte>(arguments, 64).Clear();
            CryptokiTemplate.WriteUlong(new Span<byte>(arguments + (4 * sizeof(nint)), CryptokiTemplate.UlongSize), CkfOsLockingOk);
            var result = ((delegate* unmanaged[Cdecl]<byte*, CULong>)_functions[0])(arguments);
            _isOurs = result.Value == CkrOk;
            if (result.Value != CkrCryptokiAlreadyInitialized) Check(result, "C_Initialize");
            Generation++;
            _startedAt = Stopwatch.GetTimestamp();
            Volatile.Write(ref _isReady, true);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    private CULong GetSlotList(CULong* slots, CULong* count) => ((delegate* unmanaged[Cdecl]<byte, CULong*, CULong*, CULong>)_functions[4])(1, slots, count);

    // CK_MECHANISM: the number, and no parameter.
    private static void WriteMechanism(byte* into, uint mechanism)
    {
        new Span<byte>(into, 64).Clear();
        CryptokiTemplate.WriteUlong(new Span<byte>(into, CryptokiTemplate.UlongSize), mechanism);
    }

    private static void Check(CULong result, string function)
    {
        if (result.Value != CkrOk) throw new CryptokiException(function, result.Value);
    }
}
