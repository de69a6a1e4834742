namespace Credentials.Cli.Demo;

/// <summary>A step of the demo came out in another way than the story says.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
