using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Credentials.Load;

/// <summary>What ordinary clients notice of hostile ones: the same scenario alone and beside them.</summary>
internal static class HostileRun
{
    private const int Clients = 4;

    internal static async Task RunAsync(string service, Scenario scenario, int enemies, LoadArguments arguments)
    {
        var hostile = new HostileLoad(new Uri(arguments.Require("--direct")), arguments.Require("--api-key"));
        Console.Error.WriteLine("alone");
        var alone = await LoadResult.MeasureAsync(scenario, arguments, Clients);
        Console.Error.WriteLine($"beside {enemies} hostile connections");
        using var end = new CancellationTokenSource();
        var harm = hostile.RunAsync(enemies, end.Token);
        var beside = await LoadResult.MeasureAsync(scenario, arguments, Clients);
        await end.CancelAsync();
        await harm;

        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Name}, {Clients} clients | alone | beside {enemies} hostile connections | to reach |");
        table.AppendLine("|---|--:|--:|--:|");
        table.AppendLine(CultureInfo.InvariantCulture, $"| p99 | {alone.Percentile99:0} ms | {beside.Percentile99:0} ms | ≤ 2 times |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| median | {alone.Median:0} ms | {beside.Median:0} ms | |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| failed | {alone.Failed} | {beside.Failed} | 0 |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| most memory of a process | {alone.PeakMemory / 1024 / 1024} MB | {beside.PeakMemory / 1024 / 1024} MB | 64 MiB more at most |");
        table.AppendLine();
        table.AppendLine("Answers to the hostile ones: " + string.Join(", ", hostile.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Key} × {answer.Value}")) + ".");
        table.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors ({RuntimeInformation.ProcessArchitecture}) for services, database, clients and hostile ones together.");
        Console.WriteLine(table);
        await arguments.WriteAsync($"{service} hostile", table.ToString());
    }
}
