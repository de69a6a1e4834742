using Credentials.Fuzz.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The tests, or one of the commands of FuzzCommand.
Coverage.Prepare();
if (FuzzCommand.Run(args) is { } exitCode) return exitCode;

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
