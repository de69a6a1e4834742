namespace Credentials.Cli.Vectors;

/// <summary>What became of one scenario. Detail: what differed, or why it is skipped.</summary>
internal sealed record ScenarioOutcome(string Id, ScenarioState State, string? Detail);
