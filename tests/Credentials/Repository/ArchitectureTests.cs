using System.Text.RegularExpressions;
using System.Xml.Linq;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Repository;

/// <summary>The rules of ARCHITECTURE.md that a machine can check.</summary>
public partial class ArchitectureTests
{
    // A folder of the core uses only what stands above it.
    private static readonly string[] _coreFolders =
    [
        "", "Codecs", "Http", "Keys", "Jose", "Cose", "X509", "Dids", "Trust", "StatusLists", "SdJwt", "Mdoc", "JsonLd",
        "DataIntegrity", "W3c", "QrDocuments", "Dcql", "OpenId4Vci", "OpenId4Vp", "Qr",
    ];

    // The root holds the words all folders share (reports, errors, claim paths). A report is written as JSON and hands out
    // the verified content, which names the holder's key and the trust decision.
    private static readonly string[] _usedByTheRoot = ["Codecs", "Keys", "Trust"];

    private static readonly Dictionary<string, string[]> _projectReferences = new()
    {
        ["Credentials"] = [],
        ["Issuer"] = ["Credentials"],
        ["Verifier"] = ["Credentials"],
        ["Wallet.Core"] = ["Credentials"],
        ["Cli"] = ["Credentials", "Issuer", "Verifier", "Wallet.Core"],
    };

    // The only files that may use a symbol of BannedSymbols.txt.
    private static readonly string[] _homesOfBannedSymbols =
    [
        "src/Credentials/Codecs/BoundedInflater.cs",
        "src/Credentials/Codecs/StrictBase64.cs",
        "src/Credentials/Codecs/StrictBase64Url.cs",
        "src/Credentials/Codecs/StrictJson.cs",
        "src/Credentials/Http/GuardedHandler.cs",
        "src/Credentials/X509/CertificatePath.cs",
        "src/Credentials/X509/CertificateReader.cs",
    ];

    [Fact]
    public void A_folder_of_the_core_uses_only_folders_above_it()
    {
        var wrong = new List<string>();
        foreach (var file in SourceTree.Under("src/Credentials"))
        {
            var folder = CoreFolder(file.Path);
            var rank = Array.IndexOf(_coreFolders, folder);
            if (rank < 0)
                wrong.Add($"{file.Path}: the folder is not in the list");
            wrong.AddRange(
                from match in CoreNamespace().Matches(file.Text)
                let used = match.Groups[1].Value
                let usedRank = Array.IndexOf(_coreFolders, used)
                where usedRank > rank && !(folder.Length == 0 && _usedByTheRoot.Contains(used))
                select $"{file.Path} uses {used}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Projects_refer_to_each_other_only_as_drawn()
    {
        foreach (var (project, expected) in _projectReferences)
        {
            var references = XDocument.Load(RepositoryRoot.Combine("src", project, $"{project}.csproj"))
                .Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Equal(expected, references.Order(StringComparer.Ordinal));
        }
        Assert.Equal(
            _projectReferences.Keys.Order(StringComparer.Ordinal),
            Directory.GetDirectories(RepositoryRoot.Combine("src")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_core_and_the_wallet_use_no_web_framework_and_the_core_no_database()
    {
        foreach (var (folder, banned) in new[]
        {
            ("src/Credentials", new[] { "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Data", "Npgsql" }),
            ("src/Wallet.Core", ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Npgsql"]),
        })
        {
            Assert.Empty(
                from file in SourceTree.Under(folder)
                from line in file.Lines
                where banned.Any(name => line.StartsWith($"using {name}", StringComparison.Ordinal))
                select $"{file.Path}: {line}");
        }
    }

    [Fact]
    public void No_public_type_is_named_like_a_namespace_segment_or_a_common_framework_type()
    {
        var taken = Directory.EnumerateDirectories(RepositoryRoot.Combine("src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path)!)
            .SelectMany(name => name.Split('.'))
            .Concat(["Encoding", "Path", "File", "Task", "Type", "Convert", "Options", "Results"])
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(
            from file in SourceTree.Under("src")
            from match in PublicType().Matches(file.Text)
            where taken.Contains(match.Groups[1].Value)
            select $"{file.Path}: {match.Groups[1].Value}");
    }

    [Fact]
    public void A_file_holds_one_public_type_and_is_named_after_it() => Assert.Empty(
        from file in SourceTree.Under("src")
        let types = PublicType().Matches(file.Text).Select(match => match.Groups[1].Value).Distinct().ToArray()
        where types.Length > 1 || (types.Length == 1 && types[0] != file.Name.Split('.')[0])
        select $"{file.Path}: {string.Join(", ", types)}");

    [Fact]
    public void No_source_file_is_longer_than_400_lines() => Assert.Empty(
        from file in SourceTree.Under("src")
        where file.Lines.Length > 400
        select $"{file.Path}: {file.Lines.Length} lines");

    [Fact]
    public void Banned_symbols_are_used_in_their_home_only() => Assert.Equal(
        _homesOfBannedSymbols,
        from file in SourceTree.Under("src")
        where file.Text.Contains("RS0030", StringComparison.Ordinal)
        select file.Path);

    [Fact]
    public void Every_file_says_its_folder_as_its_namespace()
    {
        var wrong = new List<string>();
        foreach (var file in SourceTree.Under("src"))
        {
            var parts = file.Path.Split('/')[1..^1];
            var expected = string.Join('.', parts[0] == "Credentials" ? parts : ["Credentials", .. parts]);
            var declared = DeclaredNamespace().Match(file.Text).Groups[1].Value;
            if (declared.Length > 0 && declared != expected)
                wrong.Add($"{file.Path}: {declared}");
        }
        Assert.Empty(wrong);
    }

    private static string CoreFolder(string path)
    {
        var parts = path.Split('/');
        return parts.Length > 3 ? parts[2] : "";
    }

    [GeneratedRegex(@"^\s*(?:using|global using|using static)\s+Credentials\.(\w+)|(?<![\w.])Credentials\.(?=[A-Z])(\w+)\.", RegexOptions.Multiline)]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|partial|ref|unsafe) )*(?:class|interface|enum|delegate \S+|record(?: struct| class)?|struct) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();
}
