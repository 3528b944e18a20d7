import type { FeedbackWeight } from '../../pipeline/feedback.ts'
import type { Pipeline } from '../../pipeline/post.ts'
import type { Rule } from '../../pipeline/rules.ts'
import { createPipeline } from '../../pipeline/run.ts'
import type { Context } from '../context.ts'
import { liveFeedback } from './feedback-store.ts'
import { lexiconVersion, liveRules } from './store.ts'

/** The worker's pipeline, built anew when the live rules or the duty feedback change, so that a rule is in force within seconds. */
export class Lexicon {
  readonly #context: Pick<Context, 'db' | 'config'>
  #version = -1
  #pipeline: Pipeline | undefined
  #feedback: readonly FeedbackWeight[] = []
  #rules: Rule[] = []

  constructor(context: Pick<Context, 'db' | 'config'>) {
    this.#context = context
  }

  async current(): Promise<Pipeline> {
    const version = await lexiconVersion(this.#context.db)
    if (this.#pipeline && version === this.#version) return this.#pipeline
    this.#rules = (await liveRules(this.#context.db)).map(({ rule }) => rule)
    this.#feedback = await liveFeedback(this.#context.db)
    this.#pipeline = this.#build(this.#rules, this.#feedback)
    this.#version = version
    return this.#pipeline
  }

  /** A pipeline with other rules or feedback, to compare with; never used for real posts. */
  async candidate(
    change: (live: readonly Rule[]) => readonly Rule[],
    feedback?: readonly FeedbackWeight[],
  ): Promise<Pipeline> {
    await this.current()
    return this.#build(change(this.#rules), feedback ?? this.#feedback)
  }

  #build(rules: readonly Rule[], feedback: readonly FeedbackWeight[]): Pipeline {
    return createPipeline({ configDir: this.#context.config.configDir, rules, feedback })
  }
}
