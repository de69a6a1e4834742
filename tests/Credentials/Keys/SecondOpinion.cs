using System.Runtime.InteropServices;
using Credentials.Tests.Shared;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Credentials.Tests.Keys;

/// <summary>A token as somebody else's library sees it, in the same process.</summary>
internal sealed class SecondOpinion : IDisposable
{
    private static readonly Pkcs11InteropFactories _factories = new();

    private readonly IPkcs11Library _library;
    private readonly ISlot _slot;

    static SecondOpinion() => NativeLibrary.SetDllImportResolver(
        typeof(Pkcs11InteropFactories).Assembly,
        // Systems of today have no libdl.so without a version.
        static (name, assembly, path) => name == "libdl" ? NativeLibrary.Load("libdl.so.2", assembly, path) : 0);

    private SecondOpinion(SoftHsmToken token)
    {
        _library = _factories.Pkcs11LibraryFactory.LoadPkcs11Library(_factories, SoftHsm.ModulePath, AppType.MultiThreaded);
        _slot = _library.GetSlotList(SlotsType.WithTokenPresent).Single(slot => slot.GetTokenInfo().Label == token.Label);
    }

    internal static SecondOpinion On(SoftHsmToken token) => new(token);

    internal ITokenInfo Token => _slot.GetTokenInfo();

    /// <summary>Flags and value of a private key.</summary>
    internal IReadOnlyList<IObjectAttribute> ReadPrivateKey(SoftHsmToken token, string id, params CKA[] attributes) => With(token, session =>
        session.GetAttributeValue(Find(session, CKO.CKO_PRIVATE_KEY, id).Single(), [.. attributes]));

    internal int Count(SoftHsmToken token) => With(token, session => session.FindAllObjects([]).Count);

    internal void Destroy(SoftHsmToken token, string id) => With(token, session =>
    {
        session.DestroyObject(Find(session, CKO.CKO_PRIVATE_KEY, id).Single());
        return true;
    });

    // Which finalises the library, whoever else uses it.
    public void Dispose() => _library.Dispose();

    private static List<IObjectHandle> Find(ISession session, CKO kind, string id) => session.FindAllObjects(
        [_factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, kind), _factories.ObjectAttributeFactory.Create(CKA.CKA_ID, Convert.FromHexString(id))]);

    private T With<T>(SoftHsmToken token, Func<ISession, T> work)
    {
        using var session = _slot.OpenSession(SessionType.ReadWrite);
        try
        {
            session.Login(CKU.CKU_USER, token.Pin);
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // The log-in is the process's.
        }

        return work(session);
    }
}
