using Credentials.Tests.Shared;

namespace Credentials.Fuzz.Tests;

/// <summary>Inputs that no vector has: findings of earlier runs, and what led to places that nothing else reaches. One file for each target, one input a line in hexadecimal.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Load(string target) => File.Exists(PathOf(target))
        ? [.. File.ReadLines(PathOf(target)).Where(line => line.Length > 0 && line[0] != '#').Select(Convert.FromHexString)]
        : [];

    /// <summary>All that a target begins with.</summary>
    public static IReadOnlyList<byte[]> Begin(FuzzTarget target) =>
        [.. target.Seeds(new Vectors()).Concat(Load(target.Name)).DistinctBy(Convert.ToHexString)];

    /// <summary>Adds inputs that are not there yet.</summary>
    public static void Add(string target, string comment, IEnumerable<byte[]> inputs)
    {
        var known = Load(target).Select(Convert.ToHexStringLower).ToHashSet();
        List<string> lines = [.. inputs.Select(Convert.ToHexStringLower).Where(known.Add)];
        if (lines.Count == 0) return;
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(target))!);
        File.AppendAllLines(PathOf(target), [$"# {comment}", .. lines]);
    }

    private static string PathOf(string target) => RepositoryRoot.Combine("tests", "Fuzz", "corpus", $"{target}.txt");
}
