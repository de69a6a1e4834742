using System.Globalization;
using System.Text;
using Credentials.Benchmarks;

// Prints how near the core's operations come to the signature operations that no implementation can avoid.
//
//   dotnet run -c Release --project tests/Benchmarks [-- --quick] [--only TEXT] [--write FILE]
//   dotnet run -c Release --project tests/Benchmarks -- growth [--quick] [--write FILE]            how cost grows with size
//   dotnet run -c Release --project tests/Benchmarks -- wallet [--quick] [--write FILE]            a wallet of ten thousand documents
//
// --quick       one short round, to see that everything runs
// --only TEXT   the operations whose name has TEXT, and their limits
// --write FILE  puts the table between the markers of FILE
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var quick = args.Contains("--quick");
var parties = new Parties();
if (args is ["wallet-measure", var wallet, var key])
{
    await WalletScale.MeasureAsync(wallet, Convert.FromHexString(key));
    return 0;
}

if (args is ["wallet", ..])
    return await WalletScale.RunAsync(parties, quick ? 200 : 10_000, Array.IndexOf(args, "--write") is >= 0 and var place ? args[place + 1] : null);
if (args is ["growth", ..])
    return Growth.Run(parties, quick, Array.IndexOf(args, "--write") is >= 0 and var file ? args[file + 1] : null);

IReadOnlyList<Operation> operations =
[
    Signatures.Sign, Signatures.Verify, Signatures.VerifyImported,
    .. SdJwtOperations.All(parties), .. MdocOperations.All(parties), .. QrDocumentOperations.All(parties), .. StatusListOperations.All(), .. DataIntegrityOperations.All(parties),
];
using var peer = NodePeer.Start();
if (peer is not null) operations = [.. operations, .. peer.Operations(operations)];
if (Array.IndexOf(args, "--only") is >= 0 and var only)
{
    List<Operation> chosen = [.. operations.Where(operation => operation.Name.Contains(args[only + 1], StringComparison.OrdinalIgnoreCase))];
    operations = [.. chosen.SelectMany(operation => operation.Limit).Concat(chosen.Select(operation => operation.SameAs).OfType<Operation>()).Concat(chosen).Distinct()];
}

var measurement = new Measurement(operations, rounds: quick ? 1 : 5, slice: TimeSpan.FromMilliseconds(quick ? 5 : 25), slices: quick ? 2 : 20);
measurement.Run(round => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}")));

var table = new StringBuilder();
table.AppendLine("| operation | per second | share of the limit | to reach | allocated |");
table.AppendLine("|---|--:|--:|--:|--:|");
foreach (var operation in operations.Where(operation => operation.SameAs is null))
{
    var share = measurement.Share(operation) is { } reached ? reached.ToString("0.00", CultureInfo.InvariantCulture) : "";
    var goal = operation.Goal is { } wanted ? wanted.ToString("0.00", CultureInfo.InvariantCulture) : "";
    var bytes = (measurement.Bytes(operation)!.Value / 1024.0).ToString("0.0", CultureInfo.InvariantCulture);
    table.AppendLine(CultureInfo.InvariantCulture, $"| {operation.Name} | {measurement.Rate(operation):0} | {share} | {goal} | {bytes} KB |");
}

if (operations.Any(operation => operation.SameAs is not null))
{
    table.AppendLine();
    table.AppendLine("| published npm library, in the same run | per second | ours | times as fast | to reach |");
    table.AppendLine("|---|--:|--:|--:|--:|");
    foreach (var theirs in operations.Where(operation => operation.SameAs is not null))
        table.AppendLine(CultureInfo.InvariantCulture, $"| {theirs.Name} | {measurement.Rate(theirs):0.#} | {measurement.Rate(theirs.SameAs!):0} | {measurement.Advantage(theirs):0.0} | {theirs.Goal} |");
}

table.AppendLine();
table.Append(CultureInfo.InvariantCulture, $"{Page.Date}, {Page.Machine}");
Console.WriteLine(table);
if (Array.IndexOf(args, "--write") is >= 0 and var at) Page.Write(args[at + 1], "core table", table.ToString());

return 0;
