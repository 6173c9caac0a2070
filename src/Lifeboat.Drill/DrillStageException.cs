namespace Lifeboat.Drill;

/// <summary>Ends a drill: a stage was not reached. Becomes the report's <see cref="DrillFailure"/>.</summary>
internal sealed class DrillStageException(DrillFailure failure) : Exception(failure.What)
{
    public DrillFailure Failure { get; } = failure;
}
