namespace ClientFailover.Samples.Processes;

/// <summary>A program did not do what it was started for; the message says which, with its last words.</summary>
public sealed class ProgramException(string message) : Exception(message);
