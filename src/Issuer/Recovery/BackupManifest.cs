using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Issuer.Recovery;

/// <summary>What a back-up says of itself, in <c>manifest.json</c>: whose it is, and the hash of each of its files.</summary>
/// <param name="MadeAt">When it was begun, to the second.</param>
/// <param name="PublicUrl">The issuer's URL, which issued credentials point to.</param>
/// <param name="Root">SHA-256 of the certificate of the issuer's own authority, hex.</param>
/// <param name="Database"><see cref="Sqlite"/> or <see cref="Postgres"/>.</param>
/// <param name="Schema">The last migration of the database.</param>
/// <param name="Files">Path below the back-up, with slashes, to SHA-256 in hex.</param>
internal sealed record BackupManifest(DateTimeOffset MadeAt, string PublicUrl, string Root, string Database, string Schema, IReadOnlyDictionary<string, string> Files)
{
    internal const string FileName = "manifest.json";
    internal const string Sqlite = "sqlite";
    internal const string Postgres = "postgresql";

    private const string Format = "credentials-issuer-backup-1";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    internal JsonObject ToJson() => new()
    {
        ["format"] = Format,
        ["made_at"] = Write(MadeAt),
        ["public_url"] = PublicUrl,
        ["root"] = Root,
        ["database"] = Database,
        ["schema"] = Schema,
        ["files"] = new JsonObject(Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => KeyValuePair.Create(file.Key, (JsonNode?)JsonValue.Create(file.Value)))),
    };

    /// <summary>Reads the manifest and holds every file against it.</summary>
    /// <exception cref="MalformedDataException"><c>issuer.backup</c>: it is none, or a file is missing, changed or not in the manifest.</exception>
    internal static async Task<BackupManifest> ReadAsync(string folder, CancellationToken ct)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw Bad($"there is no {FileName}; a back-up that was broken off has none");
        var manifest = Parse(StrictJson.ParseObject(await File.ReadAllBytesAsync(path, ct), new JsonLimits(MaxBytes: 16 * 1024 * 1024, MaxMembers: 100_000), IssuerCodes.Backup));
        var present = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Where(file => file != FileName).ToHashSet();
        if (manifest.Files.Keys.FirstOrDefault(file => !present.Contains(file)) is { } missing)
            throw Bad($"{missing} is missing");
        if (present.FirstOrDefault(file => !manifest.Files.ContainsKey(file)) is { } extra)
            throw Bad($"{extra} is not in the manifest");
        foreach (var (file, hash) in manifest.Files)
        {
            if (await HashAsync(Path.Combine(folder, file), ct) != hash)
                throw Bad($"{file} was changed or is damaged");
        }

        return manifest;
    }

    internal static async Task<string> HashAsync(string path, CancellationToken ct)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }

    internal static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static BackupManifest Parse(JsonElement json)
    {
        if (json.OptionalString("format", IssuerCodes.Backup) != Format)
            throw Bad("it has a format that this version does not know");
        return DateTimeOffset.TryParseExact(json.RequireString("made_at", IssuerCodes.Backup), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var madeAt)
            ? new BackupManifest(
                madeAt, json.RequireString("public_url", IssuerCodes.Backup), json.RequireString("root", IssuerCodes.Backup), json.RequireString("database", IssuerCodes.Backup),
                json.RequireString("schema", IssuerCodes.Backup),
                json.RequireObjectMember("files", IssuerCodes.Backup).EnumerateObject().ToDictionary(file => file.Name, file => file.Value.ValueKind == JsonValueKind.String ? file.Value.GetString()! : ""))
            : throw Bad("its time cannot be read");
    }

    private static MalformedDataException Bad(string what) => new(IssuerCodes.Backup, $"The back-up cannot be used: {what}.");
}
