using System.Runtime.InteropServices;

namespace Credentials.Tests.Shared;

/// <summary>
/// SoftHSM, a security module in software: tokens of this process in a folder of its own. The library reads the name of its configuration from
/// the environment of the C library, which .NET's own does not reach. Tests that use it stand in the collection <see cref="Collection"/>.
/// </summary>
public static partial class SoftHsm
{
    public const string Collection = "SoftHSM";
    public const string ConfigurationVariable = "SOFTHSM2_CONF";

    /// <summary>More than the tests of any project take.</summary>
    private const int Tokens = 24;

    private const string SecurityOfficerPin = "87654321";

    private static readonly string[] _places =
        ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so"];

    private static readonly SemaphoreSlim _one = new(1, 1);
    private static readonly Queue<SoftHsmToken> _tokens = new();
    private static TempFolder? _folder;

    /// <summary>The library's file.</summary>
    public static string ModulePath { get; } = _places.FirstOrDefault(File.Exists) ?? _places[0];

    /// <summary>The configuration that this process uses, and that another has to be given.</summary>
    public static string Configuration => _folder!.Combine("softhsm2.conf");

    /// <summary>A token for the calling test alone; the test is skipped where SoftHSM is not installed.</summary>
    public static async Task<SoftHsmToken> TakeTokenAsync(CancellationToken ct)
    {
        Assert.SkipUnless(File.Exists(ModulePath) && Shell.Find("softhsm2-util") is not null, "SoftHSM is not installed (Debian: apt-get install softhsm2).");
        await _one.WaitAsync(ct);
        try
        {
            if (_folder is null)
                await PrepareAsync(ct);
            return _tokens.Dequeue();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What another process needs to see the same tokens.</summary>
    public static IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { [ConfigurationVariable] = Configuration };

    // All at once, before the library is loaded: it looks for tokens when it starts.
    private static async Task PrepareAsync(CancellationToken ct)
    {
        _folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _folder.Dispose();
        var tokens = Directory.CreateDirectory(_folder.Combine("tokens")).FullName;
        _folder.Write("softhsm2.conf", $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Assert.Equal(0, SetEnv(ConfigurationVariable, Configuration, 1));
        for (var number = 1; number <= Tokens; number++)
        {
            var (before, label, pin) = (Directory.GetDirectories(tokens), $"token {number}", $"{number}{Random.Shared.Next(100_000, 999_999)}");
            (await Shell.RunAsync(
                "softhsm2-util", ["--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SecurityOfficerPin], environment: Environment, cancellationToken: ct)).Succeeded();
            _tokens.Enqueue(new SoftHsmToken(label, pin, Directory.GetDirectories(tokens).Except(before).Single()));
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
