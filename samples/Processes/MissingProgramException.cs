namespace ClientFailover.Samples.Processes;

/// <summary>A program of others is not installed; the message says how to install it.</summary>
public sealed class MissingProgramException(string message) : Exception(message);
