namespace Credentials.Cli.Vectors;

internal enum ScenarioState
{
    Ok,
    Failed,
    Skipped,
}
