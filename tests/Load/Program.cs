using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Credentials.Load;
using Credentials.Trust;

// Plays clients against running services, and prints what they can take.
//
//   dotnet run -c Release --project tests/Load -- issuer --url URL --api-key KEY [options]
//   dotnet run -c Release --project tests/Load -- verifier --url URL --api-key KEY --trust PEM --issuer-url URL --issuer-api-key KEY [options]
//
// --seconds N    how long each scenario is measured (20)
// --warm-up N    how long it runs before that (10)
// --parallel N   clients at once (16)
// --bulk N       rows of the table of people (20000; 0: none)
// --pid N,N      processes of the service, whose memory is watched
// --alone        the table goes between other markers: one process of each service
// --register N   instead: what one request to the issuer costs with ten thousand to N credentials in its register, made in --database DSN (psql's)
// --hostile N    instead: a whole scenario by 4 clients alone, and beside N hostile connections to --direct URL, one process of the service
// --write FILE   puts the table between the markers of FILE
//
// deploy/replicas.sh starts the services as they run in production, and this.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var arguments = new LoadArguments(args);
using var service = new ServiceClient(arguments.Require("--url"), arguments.Require("--api-key"));
var table = new StringBuilder();
table.AppendLine("| scenario | per second | median | p99 | to reach |");
table.AppendLine("|---|--:|--:|--:|--:|");
var failed = 0L;
long? memory = null;
IReadOnlyList<Scenario> scenarios;
switch (args)
{
    case ["issuer", ..]:
        scenarios = new IssuerLoad(service).Scenarios;
        break;
    case ["verifier", ..]:
        using (var issuer = new ServiceClient(arguments.Require("--issuer-url"), arguments.Require("--issuer-api-key")))
        {
            var people = new IssuerLoad(issuer);
            var held = new List<(string, Credentials.Keys.Software.SoftwareSigningKey)>();
            for (var n = 0; n < 200; n++) held.Add(await people.GetOneAsync());
            var trust = TrustStore.FromPem(await File.ReadAllTextAsync(arguments.Require("--trust")), TrustPurpose.Verifier);
            scenarios = new VerifierLoad(service, trust, held).Scenarios;
        }

        break;
    default:
        Console.Error.WriteLine("The first word is 'issuer' or 'verifier'; what follows stands at the top of tests/Load/Program.cs.");
        return 2;
}

if (arguments.Number("--hostile", 0) is > 0 and var enemies)
{
    await HostileRun.RunAsync(args[0], scenarios.First(scenario => scenario.PrepareAsync is null), enemies, arguments);
    return 0;
}

if (arguments.Find("--register") is { } largest)
    return await new RegisterGrowth(service, new IssuerLoad(service), arguments.Require("--database")).RunAsync(long.Parse(largest, CultureInfo.InvariantCulture), arguments);

foreach (var scenario in scenarios)
{
    Console.Error.WriteLine(scenario.Name);
    if (scenario.PrepareAsync is { } prepare) await prepare((arguments.WarmUp + arguments.Seconds) * 800);
    var result = await LoadResult.MeasureAsync(scenario, arguments);
    table.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Name} | {result.PerSecond:0} {scenario.Unit} | {result.Median:0} ms | {result.Percentile99:0} ms | {scenario.Goal} |");
    failed += result.Failed;
    if (result.FirstFailure is { } why) Console.Error.WriteLine($"{result.Failed} failed; the first: {why}");
    if (result.PeakMemory is { } bytes) memory = Math.Max(memory ?? 0, bytes);
}

if (args[0] == "issuer" && arguments.Number("--bulk", 20_000) is > 0 and var rows)
{
    Console.Error.WriteLine("bulk");
    var load = new IssuerLoad(service);
    table.AppendLine(CultureInfo.InvariantCulture, $"| a table of {rows} people to credentials | {await load.MeasureBulkAsync(rows):0} credentials | | | ≥ 2 000/s |");
    Console.Error.WriteLine("revocation");
    var (median, longest) = await load.MeasureRevocationAsync(Math.Min(rows, 20));
    table.AppendLine(CultureInfo.InvariantCulture, $"| a revocation, until every replica serves the list of 2^20 entries that says so (250 ms of it waiting for the others to look) | | {median:0} ms | {longest:0} ms (longest) | signed anew in ≤ 500 ms |");
}

table.AppendLine();
table.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors ({RuntimeInformation.ProcessArchitecture}) for services, database and {arguments.Parallel} clients together, {RuntimeInformation.FrameworkDescription}; ");
table.Append(CultureInfo.InvariantCulture, $"{failed} runs failed{(memory is { } most ? $"; most memory of one process {most / 1024 / 1024} MB (to reach: ≤ 300 MB)" : "")}.");
Console.WriteLine(table);
await arguments.WriteAsync($"{args[0]} load{(args.Contains("--alone") ? ", alone" : "")}", table.ToString());
return failed == 0 ? 0 : 1;
